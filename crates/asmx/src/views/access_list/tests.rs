use super::grants;
use holdall_model::Right;
use holdall_services::Grantee;

#[test]
fn both_spellings_of_the_scope_are_read_and_rights_are_clamped() {
    let list = grants(
        "<accesslist><Anonymous Right='0'/><DomainMembers Right='2'/><UserGroup Domain='Lib' GroupName='Editors' Right='99'/>\
         <User DomainName='' UserName='kim' Right='-1'/></accesslist>",
    )
    .unwrap();
    assert_eq!(list.len(), 4);
    assert!(
        matches!(&list[2].who, Grantee::Group { library: Some(library), name } if library == "Lib" && name == "Editors")
    );
    assert!(matches!(&list[3].who, Grantee::User { library: None, login } if login == "kim"));
    assert_eq!(
        list.iter().map(|grant| grant.right).collect::<Vec<_>>(),
        [Right::NoAccess, Right::Read, Right::FullControl, Right::NoAccess]
    );
}

#[test]
fn what_is_no_list_is_refused() {
    for text in [
        "",
        "x",
        "<AccessList>",
        "<List/>",
        "<AccessList><Nobody Right='1'/></AccessList>",
        "<AccessList><User UserName='kim'/></AccessList>",
        "<AccessList><User UserName='kim' Right='x'/></AccessList>",
        "<AccessList><User Right='1'/></AccessList>",
        "<!DOCTYPE x><AccessList/>",
    ] {
        assert!(grants(text).is_none(), "{text}");
    }
}
