//! A varied tree of documents: texts, tables, pages, drawings, scans and awkward names. The same every time.

use std::fs;
use std::io;
use std::path::Path;

/// Projects in the tree; each has five folders below its own.
const PROJECTS: [&str; 6] = [
    "Harbour Bridge",
    "Kreuzstraße 7",
    "Île-de-France",
    "Orchard School",
    "Tramway 東京",
    "Water Works",
];
/// The folders of a project.
const FOLDERS: [&str; 5] = [
    "Contracts",
    "Drawings",
    "Minutes & Notes",
    "Measurements",
    "Scans",
];
/// Documents in each of those folders.
const DOCUMENTS: u64 = 11;

/// What was made.
pub(crate) struct Made {
    /// Documents.
    pub(crate) documents: u64,
    /// Folders.
    pub(crate) folders: u64,
    /// The sum of the documents' lengths in bytes.
    pub(crate) raw_len: u64,
}

/// Fills `root`, which exists, with 335 documents in 37 folders, one of them empty.
pub(crate) fn generate(root: &Path) -> io::Result<Made> {
    let mut made = Made {
        documents: 0,
        folders: 0,
        raw_len: 0,
    };
    let mut noise = Noise(0x9e37_79b9_7f4a_7c15);
    for project in PROJECTS {
        let directory = root.join(project);
        for folder in FOLDERS {
            fs::create_dir_all(directory.join(folder))?;
            made.folders += 1;
            for number in 1..=DOCUMENTS {
                let (name, content) = document(folder, number, &mut noise);
                write(&mut made, &directory.join(folder).join(name), &content)?;
            }
        }
        made.folders += 1;
    }
    fs::create_dir(root.join("Empty on purpose"))?;
    made.folders += 1;
    for (name, content) in oddities(&mut noise) {
        write(&mut made, &root.join(name), &content)?;
    }
    Ok(made)
}

fn write(made: &mut Made, path: &Path, content: &[u8]) -> io::Result<()> {
    fs::write(path, content)?;
    made.documents += 1;
    made.raw_len += u64::try_from(content.len()).unwrap_or(u64::MAX);
    Ok(())
}

fn document(folder: &str, number: u64, noise: &mut Noise) -> (String, Vec<u8>) {
    match folder {
        "Contracts" => (
            format!("Contract {number:03}.html"),
            page(number, noise).into_bytes(),
        ),
        "Drawings" => (
            format!("Sheet {number:03}.svg"),
            drawing(number, noise).into_bytes(),
        ),
        "Measurements" => (
            format!("Series {number:03}.csv"),
            table(number * 400, noise).into_bytes(),
        ),
        "Scans" => (format!("Scan {number:03}.bin"), noise.bytes(48 * 1024 * number)),
        _ => (
            format!("Notes, week {number}.txt"),
            prose(number * 60, noise).into_bytes(),
        ),
    }
}

fn oddities(noise: &mut Noise) -> Vec<(&'static str, Vec<u8>)> {
    vec![
        (
            "Read me first.txt",
            b"Everything here was generated to show a hand-over.\n".to_vec(),
        ),
        ("Zero bytes.dat", Vec::new()),
        (
            "Ünïcödé – naïve, “quoted” 🏗.txt",
            "Größe, œuvre, smörgåsbord\n".as_bytes().to_vec(),
        ),
        ("Long table.csv", table(60_000, noise).into_bytes()),
        ("Film.raw", noise.bytes(3 * 1024 * 1024 + 17)),
    ]
}

fn prose(sentences: u64, noise: &mut Noise) -> String {
    const WORDS: [&str; 16] = [
        "the",
        "bridge",
        "carries",
        "water",
        "over",
        "every",
        "street",
        "while",
        "engineers",
        "measure",
        "steel",
        "and",
        "concrete",
        "until",
        "spring",
        "returns",
    ];
    let mut text = String::new();
    for _ in 0..sentences {
        for _ in 0..12 {
            text.push_str(WORDS.get(noise.below(WORDS.len())).copied().unwrap_or_default());
            text.push(' ');
        }
        text.push('\n');
    }
    text
}

fn page(number: u64, noise: &mut Noise) -> String {
    let body = prose(number * 25, noise).replace('\n', "</p>\n<p>");
    format!(
        "<!doctype html>\n<html><head><title>Contract {number}</title></head><body>\n<p>{body}</p>\n</body></html>\n"
    )
}

fn table(rows: u64, noise: &mut Noise) -> String {
    let mut lines = vec!["time,station,millimetres".to_owned()];
    lines.extend((0..rows).map(|row| format!("{},{},{}", row * 60, noise.below(40), noise.below(10_000))));
    lines.join("\n") + "\n"
}

fn drawing(number: u64, noise: &mut Noise) -> String {
    let mut lines = vec!["<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1000 1000\">".to_owned()];
    lines.extend((0..number * 40).map(|_| {
        let [left, top, right, bottom] = std::array::from_fn(|_| noise.below(1000));
        format!("  <line x1=\"{left}\" y1=\"{top}\" x2=\"{right}\" y2=\"{bottom}\"/>")
    }));
    lines.push("</svg>\n".to_owned());
    lines.join("\n")
}

/// A fixed stream of numbers (xorshift), so that every run makes the same tree.
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() >> 33).unwrap_or(0) % bound
    }

    fn bytes(&mut self, count: u64) -> Vec<u8> {
        let words = (0..count.div_ceil(8)).flat_map(|_| self.next().to_le_bytes());
        words.take(usize::try_from(count).unwrap_or(0)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::generate;

    #[test]
    fn the_tree_is_varied_and_the_counts_are_true() {
        let directory = tempfile::tempdir().unwrap();
        let made = generate(directory.path()).unwrap();
        let (mut documents, mut folders, mut raw_len) = (0, 0, 0);
        for entry in walkdir::WalkDir::new(directory.path()).min_depth(1) {
            let facts = entry.unwrap().metadata().unwrap();
            if facts.is_dir() {
                folders += 1;
            } else {
                documents += 1;
                raw_len += facts.len();
            }
        }
        assert_eq!(
            (documents, folders, raw_len),
            (made.documents, made.folders, made.raw_len)
        );
        assert!(
            documents >= 300 && folders >= 30,
            "{documents} documents in {folders} folders"
        );
    }
}
