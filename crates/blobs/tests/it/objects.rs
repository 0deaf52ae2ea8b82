//! Small durable objects.

use crate::contents::Shelf;
use holdall_model::Digest;

const NAME: Digest = Digest([0xab; 32]);

#[test]
fn an_object_is_kept_found_and_removed() {
    let shelf = Shelf::new();
    shelf.blobs.put_object("plans", &NAME, b"0123456789").unwrap();
    let blobs = shelf.reopened();
    assert_eq!(blobs.list_objects("plans").unwrap(), [NAME]);
    assert_eq!(blobs.list_objects("other").unwrap(), []);
    let object = blobs.open_object("plans", &NAME).unwrap().unwrap();
    assert_eq!(object.len(), 10);
    let mut part = [0; 4];
    object.read_at(3, &mut part).unwrap();
    assert_eq!(&part, b"3456");
    assert!(blobs.remove_object("plans", &NAME).unwrap());
    assert!(!blobs.remove_object("plans", &NAME).unwrap());
    assert!(blobs.open_object("plans", &NAME).unwrap().is_none());
    object.read_at(6, &mut part).unwrap();
    assert_eq!(&part, b"6789");
}

#[test]
fn f6_reading_past_the_end_fails() {
    let shelf = Shelf::new();
    shelf.blobs.put_object("plans", &NAME, b"0123456789").unwrap();
    let object = shelf.blobs.open_object("plans", &NAME).unwrap().unwrap();
    let mut part = [0; 4];
    assert!(object.read_at(7, &mut part).is_err());
    assert!(!object.try_read_at(7, &mut part));
    let at_once = (0..3).any(|_| object.try_read_at(6, &mut part));
    assert!(at_once, "bytes just written are in memory");
    assert_eq!(&part, b"6789");
}

#[test]
fn putting_an_object_twice_keeps_the_first() {
    let shelf = Shelf::new();
    shelf.blobs.put_object("plans", &NAME, b"first").unwrap();
    shelf.blobs.put_object("plans", &NAME, b"other").unwrap();
    let object = shelf.blobs.open_object("plans", &NAME).unwrap().unwrap();
    let mut bytes = [0; 5];
    object.read_at(0, &mut bytes).unwrap();
    assert_eq!(&bytes, b"first");
    assert_eq!(shelf.files(), 1);
}

#[test]
fn a_kind_is_a_plain_word() {
    let shelf = Shelf::new();
    for kind in ["", "..", "a/b", "Plans", "plans2"] {
        assert!(shelf.blobs.put_object(kind, &NAME, b"").is_err(), "{kind}");
        assert!(shelf.blobs.list_objects(kind).is_err(), "{kind}");
    }
    assert_eq!(shelf.files(), 0);
}
