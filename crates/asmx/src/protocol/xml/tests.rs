use super::{Namespace, XmlError, parse};

#[test]
fn a_tree_has_local_names_joined_text_and_inner_ranges() {
    let text = "<?xml version=\"1.0\"?><a:x xmlns:a='urn:a' a:k='1 &amp; 2'><y>p&lt;<![CDATA[<q>]]>&#x41;</y><z/></a:x>";
    let root = parse(text).unwrap();
    assert_eq!(root.name, "x");
    assert_eq!(root.attribute("K"), Some("1 & 2"));
    assert_eq!(root.child("Y").unwrap().text, "p<<q>A");
    assert_eq!(&text[root.inner.clone()], "<y>p&lt;<![CDATA[<q>]]>&#x41;</y><z/>");
    assert_eq!(&text[root.child("z").unwrap().inner.clone()], "");
}

#[test]
fn end_tags_with_blanks_keep_the_inner_range() {
    let text = "\u{feff}<a><b>x</b  ></a >";
    let root = parse(text).unwrap();
    assert_eq!(&text[root.inner.clone()], "<b>x</b  >");
    assert_eq!(&text[root.child("b").unwrap().inner.clone()], "x");
}

#[test]
fn namespaces_are_resolved_not_guessed() {
    let good = "<e:Envelope xmlns:e='http://www.w3.org/2003/05/soap-envelope'/>";
    let fake = "<soap:Envelope xmlns:soap='urn:x'/>";
    assert_eq!(parse(good).unwrap().namespace, Namespace::Soap12);
    assert_eq!(parse(fake).unwrap().namespace, Namespace::Other);
}

#[test]
fn s12_dtds_and_instructions_are_refused() {
    assert_eq!(
        parse("<!DOCTYPE x [<!ENTITY e 'y'>]><x>&e;</x>").unwrap_err(),
        XmlError::Doctype
    );
    assert_eq!(parse("<x><?php x?></x>").unwrap_err(), XmlError::Instruction);
    assert!(matches!(parse("<x>&e;</x>"), Err(XmlError::Malformed { .. })));
}

#[test]
fn s12_limits_hold() {
    let deep = format!("{}{}", "<x>".repeat(33), "</x>".repeat(33));
    assert!(matches!(parse(&deep), Err(XmlError::Limit(_))));
    let many = format!("<x>{}</x>", "<y/>".repeat(10_000));
    assert!(matches!(parse(&many), Err(XmlError::Limit(_))));
    let attributes = (0..65)
        .map(|number| format!("a{number}=''"))
        .collect::<Vec<_>>()
        .join(" ");
    assert!(matches!(
        parse(&format!("<x {attributes}/>")),
        Err(XmlError::Limit(_))
    ));
    assert!(matches!(
        parse(&format!("<{}/>", "x".repeat(257))),
        Err(XmlError::Limit(_))
    ));
}

#[test]
fn s12_eighty_thousand_attributes_are_cheap() {
    let attributes = (0..80_000)
        .map(|number| format!("a{number}=''"))
        .collect::<Vec<_>>()
        .join(" ");
    assert!(matches!(
        parse(&format!("<x {attributes}/>")),
        Err(XmlError::Limit(_))
    ));
}

#[test]
fn what_is_not_well_formed_is_refused() {
    for text in [
        "",
        "x",
        "<a>",
        "<a></b>",
        "<a/><b/>",
        "<a/>x",
        "</a>",
        "<a b=c/>",
        "<a b='1' b='2'/>",
        "<a>&#0;</a>",
        "<a>&#1;</a>",
        "<a>&nbsp;</a>",
        "<a",
        "<a b='&x;'/>",
        "<p:a/>x",
        "<a><![CDATA[x</a>",
        "<!-- --><a><!-- </a>",
    ] {
        assert!(matches!(parse(text), Err(XmlError::Malformed { .. })), "{text}");
    }
}
