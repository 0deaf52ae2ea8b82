use super::{Content, FromArg, OldTicket, Paths, base64};
use crate::protocol::{Args, Trouble, Value};
use holdall_model::Guid;

fn read<T: FromArg>(text: &str) -> Result<T, Trouble> {
    T::read(&Args::default(), Some(&Value::Text(text.to_owned())), "Name")
}

#[test]
fn booleans_are_liberal() {
    for text in ["true", "TRUE", " True ", "1"] {
        assert!(read::<bool>(text).is_ok_and(|value| value), "{text}");
    }
    for text in ["false", "0", "", "  "] {
        assert!(read::<bool>(text).is_ok_and(|value| !value), "{text}");
    }
    assert!(read::<bool>("yes").is_err());
    assert!(bool::read(&Args::default(), None, "Name").is_ok_and(|value| !value));
}

#[test]
fn numbers_have_64_bits_blanks_and_a_plus() {
    assert_eq!(read::<i64>(" +5 ").ok(), Some(5));
    assert_eq!(read::<i64>("5000000000").ok(), Some(5_000_000_000));
    assert_eq!(read::<i64>("").ok(), Some(0));
    for text in ["1.5", "0x10", "9223372036854775808", "１"] {
        assert!(
            matches!(read::<i64>(text), Err(Trouble::Invalid { .. })),
            "{text}"
        );
    }
}

#[test]
fn paths_drop_blanks_empties_and_repetitions() {
    let paths = read::<Paths>(" /a | |~D7|~D7|~x| ")
        .unwrap_or_else(|_| panic!("readable"))
        .0;
    assert_eq!(paths.len(), 3);
    assert!(paths[2].is_err());
    assert!(matches!(read::<Paths>("  "), Err(Trouble::Required("Name"))));
}

#[test]
fn base64_forgives_breaks_blanks_and_padding() {
    let bytes = [0xfb, 0xef, 0xbe, 0x00];
    assert_eq!(base64("++++AA==", false).as_deref(), Some(&bytes[..]));
    assert_eq!(base64("++ +AA", true).as_deref(), Some(&bytes[..]));
    assert_eq!(base64(" ++\r\n++ AA==\n", false).as_deref(), Some(&bytes[..]));
    assert_eq!(base64("", false).as_deref(), Some(&[][..]));
    assert_eq!(base64("*", false), None);
}

#[test]
fn a_file_part_is_raw() {
    let value = Value::File(bytes::Bytes::from_static(b"AAAA"));
    let content = Content::read(&Args::default(), Some(&value), "fileChunk");
    assert!(content.is_ok_and(|content| content.0 == b"AAAA"[..]));
}

#[test]
fn an_absent_old_ticket_may_come_from_the_cookie() {
    let mut args = Args::default();
    args.set_cookie_ticket(Some(Guid::from_bytes([7; 16]).reveal()));
    assert!(
        OldTicket::read(&args, None, "OldTicket")
            .is_ok_and(|ticket| ticket.0 == Some(Guid::from_bytes([7; 16])))
    );
    assert!(read::<OldTicket>("x").is_err());
}
