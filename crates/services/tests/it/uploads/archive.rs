//! Zips as no tool writes them.

use flate2::Compression;
use flate2::write::DeflateEncoder;
use std::io::Write as _;

/// An entry, honest unless it is changed.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    pub(crate) name: Vec<u8>,
    pub(crate) local_name: Vec<u8>,
    pub(crate) flags: u16,
    pub(crate) method: u16,
    pub(crate) stored: Vec<u8>,
    pub(crate) stored_len: u32,
    pub(crate) raw_len: u32,
    pub(crate) crc32: u32,
    /// The Unix mode.
    pub(crate) mode: u32,
    /// Where the directory says that the entry is; `None` is where it is.
    pub(crate) header_at: Option<u32>,
}

fn len(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).unwrap()
}

pub(crate) fn stored(name: &str, content: &[u8]) -> Member {
    Member {
        name: name.as_bytes().to_vec(),
        local_name: name.as_bytes().to_vec(),
        flags: 0x800,
        method: 0,
        stored: content.to_vec(),
        stored_len: len(content),
        raw_len: len(content),
        crc32: crc32fast::hash(content),
        mode: 0o100_644,
        header_at: None,
    }
}

pub(crate) fn deflated(name: &str, content: &[u8]) -> Member {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content).unwrap();
    let bytes = encoder.finish().unwrap();
    Member {
        method: 8,
        stored_len: len(&bytes),
        stored: bytes,
        ..stored(name, content)
    }
}

/// The archive, with as many entries as the directory has.
pub(crate) fn archive(members: &[Member]) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for member in members {
        let at = member.header_at.unwrap_or_else(|| len(&bytes));
        bytes.extend(b"PK\x03\x04\x14\x00");
        bytes.extend(shared(member));
        bytes.extend(name_lens(&member.local_name));
        bytes.extend(&member.local_name);
        bytes.extend(&member.stored);
        directory.extend(b"PK\x01\x02\x14\x03\x14\x00");
        directory.extend(shared(member));
        directory.extend(name_lens(&member.name));
        directory.extend([0; 6]);
        directory.extend((member.mode << 16).to_le_bytes());
        directory.extend(at.to_le_bytes());
        directory.extend(&member.name);
    }
    let start = len(&bytes);
    let count = u16::try_from(members.len()).unwrap().to_le_bytes();
    bytes.extend(&directory);
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend([count, count].concat());
    bytes.extend(len(&directory).to_le_bytes());
    bytes.extend(start.to_le_bytes());
    bytes.extend([0; 2]);
    bytes
}

/// Flags, method, 2024-02-29 13:14:16, checksum and lengths.
fn shared(member: &Member) -> Vec<u8> {
    let mut bytes = Vec::new();
    bytes.extend(member.flags.to_le_bytes());
    bytes.extend(member.method.to_le_bytes());
    bytes.extend(((13_u16 << 11) + (14 << 5) + 8).to_le_bytes());
    bytes.extend(((44_u16 << 9) + (2 << 5) + 29).to_le_bytes());
    for number in [member.crc32, member.stored_len, member.raw_len] {
        bytes.extend(number.to_le_bytes());
    }
    bytes
}

fn name_lens(name: &[u8]) -> Vec<u8> {
    let len = u16::try_from(name.len()).unwrap();
    [len.to_le_bytes(), [0; 2]].concat()
}

/// Entries that are left out, each with how what is said of it begins.
pub(crate) fn hostile() -> Vec<(Member, &'static str)> {
    let mut all: Vec<_> = misplaced()
        .into_iter()
        .map(|(name, said)| (honest(&name), said))
        .collect();
    all.extend(odd());
    all.extend(lying());
    all
}

fn honest(name: &str) -> Member {
    deflated(name, b"some content, some content, some content")
}

fn changed(mut member: Member, change: impl FnOnce(&mut Member)) -> Member {
    change(&mut member);
    member
}

fn misplaced() -> Vec<(String, &'static str)> {
    vec![
        ("/etc/passwd".to_owned(), "Outside"),
        ("..\\up.txt".to_owned(), "Outside"),
        ("a/../../up.txt".to_owned(), "Outside"),
        ("C:/up.txt".to_owned(), "Outside"),
        ("~D1".to_owned(), "Name(\"a name starts with ~"),
        ("d/".repeat(100) + "x", "Name(\"a path has more than 100 names"),
        ("n".repeat(300), "Name(\"a name is longer than 255 bytes"),
    ]
}

fn odd() -> Vec<(Member, &'static str)> {
    let zeros = vec![0; 12 << 20];
    vec![
        (changed(honest("link"), |link| link.mode = 0o120_777), "NoFile"),
        (
            changed(honest("device"), |device| device.mode = 0o020_666),
            "NoFile",
        ),
        (
            changed(honest("secret"), |secret| secret.flags = 0x801),
            "Encrypted",
        ),
        (changed(honest("lzma"), |lzma| lzma.method = 14), "UnknownMethod"),
        (deflated("bomb", &zeros), "Ratio"),
        (
            changed(stored("folder/", b""), |folder| folder.raw_len = 5),
            "Damaged(\"a folder has content",
        ),
    ]
}

fn lying() -> Vec<(Member, &'static str)> {
    let zeros = vec![0; 12 << 20];
    let bomb = changed(deflated("lying bomb", &zeros), |bomb| bomb.raw_len = 10);
    let garbage = changed(honest("garbage"), |garbage| {
        garbage.stored = vec![0xFF; 5];
        garbage.stored_len = 5;
    });
    vec![
        (bomb, "Damaged(\"its length"),
        (
            changed(honest("short"), |short| short.raw_len = 4000),
            "Damaged(\"its length",
        ),
        (
            changed(stored("stored", b"four"), |stored| stored.raw_len = 3),
            "Damaged(\"its length",
        ),
        (changed(honest("crc"), |crc| crc.crc32 = 7), "Damaged(\"its CRC32"),
        (
            changed(honest("named"), |named| named.local_name = b"other".to_vec()),
            "Damaged(\"its local header",
        ),
        (garbage, "Damaged("),
    ]
}
