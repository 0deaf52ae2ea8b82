//! The words of infoRouter's wire stay in its edge; inside, things have the field's own names.

use super::Breach;
use crate::tree::Tree;

const RULE: &str = "words";

/// Names that only the wire uses, in lower case. `domain` alone is left out: it is also an English word.
const WIRE: [&str; 19] = [
    "accesslistxml",
    "authenticationticket",
    "authentication_ticket",
    "chunkcrc32",
    "domainmember",
    "domain_member",
    "domainname",
    "domain_name",
    "downloadhandler",
    "download_handler",
    "filehexcrc",
    "isauthenticated",
    "partialresult",
    "partial_result",
    "preferedchunksize",
    "startoffset",
    "tempuri",
    "uploadhandler",
    "upload_handler",
];

/// Who may say them: the edge itself, and the client at the other end of the wire.
const SPEAKERS: [&str; 3] = ["crates/asmx/", "crates/asmx-derive/", "crates/client/src/srv/"];

/// Every line of ours that uses a wire word where it does not belong.
pub(crate) fn check(tree: &Tree) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for file in tree.sources().filter(|file| is_inside(&file.path)) {
        for (line, number) in file.text.lines().zip(1..) {
            let line = line.to_lowercase();
            if let Some(word) = WIRE.iter().find(|&word| line.contains(word)) {
                breaches.push(Breach::new(
                    RULE,
                    format!("{}:{number}", file.path),
                    format!("wire word `{word}`"),
                ));
            }
        }
    }
    breaches
}

/// Programs and tests outside `crates/` speak to the edge as any client does.
fn is_inside(path: &str) -> bool {
    path.starts_with("crates/") && !SPEAKERS.iter().any(|speaker| path.starts_with(speaker))
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tree::Tree;

    #[test]
    fn wire_words_live_in_their_edge_only() {
        let breaches = |path| check(&Tree::of(&[(path, "let download_handler = 1;")])).len();
        assert_eq!(breaches("crates/services/src/staging.rs"), 1);
        assert_eq!(breaches("crates/api/src/lib.rs"), 1);
        assert_eq!(breaches("crates/asmx/src/registry.rs"), 0);
        assert_eq!(breaches("crates/client/src/srv/session.rs"), 0);
        assert_eq!(breaches("crates/client/src/native.rs"), 1);
        assert_eq!(breaches("apps/holdall/src/demo/client.rs"), 0);
    }
}
