//! Names: safe (Z6), unique (Z7), the same for the same selection (Z13).

use std::collections::{BTreeMap, BTreeSet};

use holdall_archive::{
    COMPONENT_MAX, Child, EntryKind, EntryName, FOLDER_PATH_MAX, Named, Namer, PATH_MAX, sanitize_component,
};
use proptest::prelude::*;
use unicase::UniCase;
use unicode_normalization::UnicodeNormalization as _;

use crate::forest::ugly_name;

const FORBIDDEN: &str = "/\\:*?\"<>|\u{7f}\u{61c}\u{200e}\u{200f}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}";

/// Z6, said again in other words.
fn assert_safe(component: &str) {
    assert!((1..=COMPONENT_MAX).contains(&component.len()), "{component:?}");
    assert!(
        component
            .chars()
            .all(|letter| letter as u32 >= 32 && !FORBIDDEN.contains(letter)),
        "{component:?}"
    );
    assert!(!component.ends_with(['.', ' ']), "{component:?}");
    assert_eq!(component, component.nfc().collect::<String>());
    let stem = component
        .split('.')
        .next()
        .unwrap()
        .trim_end()
        .to_ascii_uppercase();
    let ports = ["COM", "LPT"]
        .iter()
        .flat_map(|port| "0123456789¹²³".chars().map(move |digit| format!("{port}{digit}")));
    let devices = ["CON", "PRN", "AUX", "NUL"].map(str::to_owned);
    assert!(
        !devices.into_iter().chain(ports).any(|device| device == stem),
        "{component:?}"
    );
}

fn folded(name: &str) -> String {
    UniCase::new(name.nfc().collect::<String>())
        .to_folded_case()
        .nfc()
        .collect()
}

fn name_all(names: &[(String, bool)]) -> Vec<Named> {
    let children: Vec<Child<'_>> = names
        .iter()
        .zip(0..)
        .map(|((name, is_folder), id)| Child {
            name,
            kind: if *is_folder {
                EntryKind::Folder
            } else {
                EntryKind::Document
            },
            id,
        })
        .collect();
    Namer::new().name_children(None, &children).collect()
}

fn documents(names: &[&str]) -> Vec<String> {
    let names: Vec<(String, bool)> = names.iter().map(|name| ((*name).to_owned(), false)).collect();
    name_all(&names)
        .into_iter()
        .map(|named| named.path.into_string())
        .collect()
}

proptest! {
    #[test]
    fn z6_sanitiser_is_safe_and_idempotent(name in ugly_name()) {
        let once = sanitize_component(&name).into_owned();
        assert_safe(&once);
        prop_assert_eq!(sanitize_component(&once), once.as_str());
    }

    #[test]
    fn z7_siblings_are_safe_and_unique(names in proptest::collection::vec((ugly_name(), any::<bool>()), 1..60)) {
        let named = name_all(&names);
        prop_assert_eq!(named.len(), names.len());
        let mut taken = BTreeSet::new();
        for ((name, _), named) in names.iter().zip(&named) {
            assert_safe(named.path.as_str());
            prop_assert!(EntryName::new(named.path.as_str()).is_ok());
            prop_assert!(taken.insert(folded(named.path.as_str())), "{:?} twice", named.path);
            prop_assert_eq!(named.renamed, named.path.as_str() != name);
        }
    }

    #[test]
    fn z13_names_do_not_depend_on_the_order_of_asking(
        (children, shuffled) in proptest::collection::vec((ugly_name(), any::<bool>()), 1..30)
            .prop_map(|names| names.into_iter().zip(0_u64..).collect::<Vec<_>>())
            .prop_flat_map(|names| (Just(names.clone()), Just(names).prop_shuffle()))
    ) {
        let by_id = |names: &[((String, bool), u64)]| {
            let children: Vec<Child<'_>> = names.iter().map(|((name, is_folder), id)| Child {
                name,
                kind: if *is_folder { EntryKind::Folder } else { EntryKind::Document },
                id: *id,
            }).collect();
            let mut namer = Namer::new();
            let named = namer.name_children(None, &children);
            names.iter().map(|(_, id)| *id).zip(named.map(|named| named.path)).collect::<BTreeMap<_, _>>()
        };
        prop_assert_eq!(by_id(&children), by_id(&shuffled));
    }
}

#[test]
fn z6_ugly_names() {
    let table = [
        ("plain.txt", "plain.txt"),
        ("", "_"),
        (".", "_"),
        ("..", "_"),
        ("...", "_"),
        ("   ", "_"),
        (".gitignore", ".gitignore"),
        ("../../etc/passwd", ".._.._etc_passwd"),
        ("C:\\autoexec.bat", "C__autoexec.bat"),
        ("a:b*c?d\"e<f>g|h", "a_b_c_d_e_f_g_h"),
        ("zeile\nzwei\0drei\u{7f}", "zeile_zwei_drei_"),
        ("rechnung. ", "rechnung"),
        (" rechnung", " rechnung"),
        ("evil\u{202e}fdp.exe", "evil_fdp.exe"),
        ("CON", "_CON"),
        ("con.tar.gz", "_con.tar.gz"),
        ("Con .txt", "_Con .txt"),
        ("nul.", "_nul"),
        ("com0", "_com0"),
        ("LPT9.x", "_LPT9.x"),
        ("com¹", "_com¹"),
        ("com10", "com10"),
        ("console", "console"),
        ("conin$", "_conin$"),
        ("e\u{301}te\u{301}.txt", "été.txt"),
        ("~0123456789abcdef", "_~0123456789abcdef"),
        ("~$draft.docx", "~$draft.docx"),
        ("长文档🙂.pdf", "长文档🙂.pdf"),
    ];
    for (name, expected) in table {
        assert_eq!(sanitize_component(name), expected, "{name:?}");
        assert_safe(&sanitize_component(name));
    }
}

#[test]
fn z6_long_components_keep_front_and_extension() {
    let name = format!("{}.pdf", "é".repeat(300));
    let short = sanitize_component(&name);
    assert!(
        short.len() <= COMPONENT_MAX && short.len() >= COMPONENT_MAX - 1,
        "{}",
        short.len()
    );
    assert!(short.starts_with("ééé") && short.ends_with(".pdf") && short.contains('~'));
    let other = sanitize_component(&format!("{}x.pdf", "é".repeat(300))).into_owned();
    assert_ne!(short, other);
}

#[test]
fn z7_clash_gets_suffix() {
    assert_eq!(
        documents(&["a.txt", "A.TXT", "a.txt"]),
        ["a.txt", "A (2).TXT", "a (3).txt"]
    );
    assert_eq!(documents(&["é.txt", "e\u{301}.txt"]), ["é.txt", "é (2).txt"]);
    assert_eq!(documents(&["Straße", "STRASSE"]), ["Straße", "STRASSE (2)"]);
    assert_eq!(documents(&["a?.txt", "a*.txt"]), ["a_.txt", "a_ (2).txt"]);
    assert_eq!(documents(&[".env", ".ENV"]), [".env", ".ENV (2)"]);
    assert_eq!(documents(&["a.tar.gz", "A.tar.gz"]), ["a.tar.gz", "A.tar (2).gz"]);
}

#[test]
fn z7_an_own_name_goes_before_a_given_one() {
    assert_eq!(
        documents(&["a.txt", "A.txt", "a (2).txt"]),
        ["a.txt", "A (3).txt", "a (2).txt"]
    );
}

#[test]
fn z7_the_lowest_id_keeps_the_name_and_folders_go_first() {
    let child = |kind, id| Child {
        name: "a.b",
        kind,
        id,
    };
    let asked = [
        child(EntryKind::Document, 1),
        child(EntryKind::Folder, 9),
        child(EntryKind::Folder, 3),
    ];
    let mut namer = Namer::new();
    let names: Vec<(String, bool)> = namer
        .name_children(None, &asked)
        .map(|named| (named.path.into_string(), named.renamed))
        .collect();
    assert_eq!(
        names,
        [
            ("a (2).b".to_owned(), true),
            ("a.b (2)".to_owned(), true),
            ("a.b".to_owned(), false)
        ]
    );
}

#[test]
fn z7_many_equal_names_take_linear_time() {
    let long = "x".repeat(300);
    let names: Vec<(String, bool)> = (0..50_000)
        .map(|number| {
            (
                if number % 2 == 0 {
                    "gleich.txt".to_owned()
                } else {
                    long.clone()
                },
                false,
            )
        })
        .collect();
    let distinct: BTreeSet<EntryName> = name_all(&names).into_iter().map(|named| named.path).collect();
    assert_eq!(distinct.len(), 50_000);
}

#[test]
fn z6_deep_paths_lose_their_middle() {
    let mut namer = Namer::new();
    let mut parent: Option<EntryName> = None;
    let mut paths = BTreeSet::new();
    let mut cuts = 0;
    for depth in 0..300 {
        let folder = format!("Ordner {depth} mit einem langen Namen é");
        let long = "d".repeat(400);
        let children = [
            Child {
                name: &folder,
                kind: EntryKind::Folder,
                id: 1,
            },
            Child {
                name: &long,
                kind: EntryKind::Document,
                id: 2,
            },
            Child {
                name: "kurz.txt",
                kind: EntryKind::Document,
                id: 3,
            },
        ];
        let named: Vec<Named> = namer.name_children(parent.as_ref(), &children).collect();
        for name in &named {
            assert!(name.path.as_str().len() <= PATH_MAX);
            assert!(EntryName::new(name.path.as_str()).is_ok());
            assert!(paths.insert(folded(name.path.as_str())));
        }
        assert!(named[0].path.as_str().len() <= FOLDER_PATH_MAX);
        assert!(named[0].path.as_str().ends_with(&folder));
        assert!(named[1].renamed && !named[2].renamed);
        cuts += u32::from(named[0].renamed);
        parent = Some(named[0].path.clone());
    }
    assert!((5..60).contains(&cuts), "{cuts} cuts");
}

#[test]
fn z6_cut_siblings_stay_apart() {
    let deep = EntryName::new(["0123456789"; 80].join("/")).unwrap();
    let names: Vec<String> = (0..50)
        .map(|number| format!("{}{number}", "o".repeat(100)))
        .collect();
    let children: Vec<Child<'_>> = names
        .iter()
        .map(|name| Child {
            name,
            kind: EntryKind::Folder,
            id: 0,
        })
        .collect();
    let mut namer = Namer::new();
    let paths: BTreeSet<EntryName> = namer
        .name_children(Some(&deep), &children)
        .map(|named| {
            assert!(named.renamed);
            named.path
        })
        .collect();
    assert_eq!(paths.len(), 50);
}

#[test]
fn unsafe_paths_are_no_entry_names() {
    for path in [
        "", "/", "a/", "/a", "a//b", "a/../b", ".", "a\\b", "c:", "nul", "a\0", "e\u{301}", "a ", "a/b.",
    ] {
        assert!(EntryName::new(path).is_err(), "{path:?}");
    }
    assert!(EntryName::new("a".repeat(256)).is_err());
    assert!(EntryName::new(["a"; 513].join("/")).is_err());
    assert_eq!(EntryName::new("a/b c/é.txt").unwrap().component(), "é.txt");
}
