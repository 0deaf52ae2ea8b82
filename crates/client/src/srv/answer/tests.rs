use super::{Element, MAX_CHILD_LEN, read, succeeded};
use crate::srv::SrvError;
use std::io::{self, Read};

fn parse(text: &str) -> Result<Element, SrvError> {
    read("Op", text.as_bytes(), &mut Some)
}

#[test]
fn an_answer_is_a_tree_of_names_attributes_and_text() {
    let text = "<?xml version=\"1.0\"?>\n<root success=\"true\" Name=\"a &amp; &#252;&#10;b\"><d id=\"1\"><c>x &lt; y</c></d><d id=\"2\"/></root>\n";
    let root = parse(text).unwrap();
    assert_eq!(root.name, "root");
    assert_eq!(root.value("NAME"), "a & ü\nb");
    assert_eq!(root.children_named("D").count(), 2);
    assert_eq!(root.child("d").unwrap().child_text("c"), "x < y");
    assert_eq!(succeeded(&root), Some(true));
}

#[test]
fn children_of_a_success_go_to_the_caller_one_by_one() {
    let mut seen = Vec::new();
    let text = "<root success=\"true\"><f n=\"1\"/><f n=\"2\"/>tail</root>";
    let root = read("Op", text.as_bytes(), &mut |child| {
        seen.push(child.value("n").to_owned());
        None
    });
    let root = root.unwrap();
    assert_eq!(seen, ["1", "2"]);
    assert!(root.children.is_empty());
    assert_eq!(root.text, "tail");
}

#[test]
fn children_of_a_failure_stay_with_it() {
    let text = "<R success=\"false\" error=\"[log]\"><log><item>a</item></log></R>";
    let root = read("Op", text.as_bytes(), &mut |_| panic!("nothing was given")).unwrap();
    assert_eq!(root.children.len(), 1);
    assert_eq!(succeeded(&root), Some(false));
    assert_eq!(
        succeeded(&parse("<r error=\"Folder not found.\"/>").unwrap()),
        Some(false)
    );
    assert_eq!(succeeded(&parse("<html/>").unwrap()), None);
}

#[test]
fn an_answer_that_stops_may_be_asked_for_again_and_one_that_is_no_xml_not() {
    let cut = parse("<root success=\"true\"><f n=\"1\"/>").unwrap_err();
    assert!(cut.is_passing(), "{cut}");
    let broken = read("Op", Broken(b"<root success=\"true\"><f"), &mut Some).unwrap_err();
    assert!(broken.is_passing(), "{broken}");
    for text in ["<a></b>", "<a b=c/>", "<a>&unknown;</a>"] {
        let other = parse(text).unwrap_err();
        assert!(!other.is_passing(), "{text}: {other}");
    }
}

#[test]
fn l9_an_answer_without_end_does_not_fill_the_memory() {
    let deep = parse(&"<a>".repeat(10_000)).unwrap_err();
    assert!(deep.to_string().contains("nests deeper"), "{deep}");
    let wide = format!("<root success=\"true\"><p>{}", "<a/>".repeat(300_000));
    let wide = parse(&wide).unwrap_err();
    assert!(wide.to_string().contains("more than"), "{wide}");
    let endless = io::repeat(b'x');
    let long = read("Op", (&b"<root success=\"true\">"[..]).chain(endless), &mut Some).unwrap_err();
    assert!(long.to_string().contains(&MAX_CHILD_LEN.to_string()), "{long}");
}

/// Some bytes, then an error of the line.
struct Broken(&'static [u8]);

impl Read for Broken {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.0.is_empty() {
            return Err(io::ErrorKind::ConnectionReset.into());
        }
        self.0.read(buffer)
    }
}
