//! What kind of document a name's extension stands for, in the words of the attribute `Type`.

const KINDS: [(&str, &[&str]); 14] = [
    ("PDF Document", &["pdf"]),
    ("Text Document", &["txt", "log", "md"]),
    ("HTML Document", &["htm", "html", "xhtml"]),
    ("XML Document", &["xml", "xsd", "xsl"]),
    (
        "Microsoft Word Document",
        &["doc", "docx", "docm", "dot", "dotx", "rtf"],
    ),
    (
        "Microsoft Excel Document",
        &["xls", "xlsx", "xlsm", "xlsb", "csv"],
    ),
    (
        "Microsoft PowerPoint Document",
        &["ppt", "pptx", "pptm", "pps", "ppsx"],
    ),
    ("OpenDocument", &["odt", "ods", "odp", "odg"]),
    ("Image", &["jpg", "jpeg", "png", "gif", "bmp", "webp", "svg"]),
    ("TIFF Image", &["tif", "tiff"]),
    ("Audio", &["mp3", "wav", "flac", "ogg", "m4a"]),
    ("Video", &["mp4", "mov", "avi", "mkv", "webm", "wmv"]),
    ("Compressed Archive", &["zip", "7z", "rar", "gz", "tar", "xz"]),
    ("E-mail Message", &["eml", "msg"]),
];

/// The kind; `Unknown` for an extension that is not in the list, and for none.
pub(crate) fn kind(name: &str) -> &'static str {
    let extension = name
        .rsplit_once('.')
        .map(|(_, extension)| extension.to_ascii_lowercase())
        .unwrap_or_default();
    let found = KINDS
        .iter()
        .find(|(_, extensions)| extensions.contains(&extension.as_str()));
    found.map_or("Unknown", |(kind, _)| kind)
}

#[cfg(test)]
mod tests {
    use super::kind;

    #[test]
    fn extensions_tell_the_kind_in_any_case() {
        assert_eq!(kind("Plan.2024.PDF"), "PDF Document");
        assert_eq!(kind("README"), "Unknown");
        assert_eq!(kind("pdf"), "Unknown");
    }
}
