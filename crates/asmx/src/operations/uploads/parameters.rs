//! What is said about a document when it is uploaded: `<xmlparameters>` (CONTRACT section 9, row 23 of section 17).

use crate::protocol::{Args, Dates, FromArg, Kind, Node, Trouble, Value, parse_xml};
use holdall_model::VersionNumber;
use holdall_services::DocumentOptions;

/// The parameter's name in every operation that has it.
const NAME: &str = "xmlParameters";

/// Keys in upper case and their values as they were written. A key that is not known is of no effect.
pub(crate) struct Parameters(Vec<(String, String)>);

impl FromArg for Parameters {
    const KIND: Kind = Kind::Xml;

    fn read(_: &Args, value: Option<&Value>, name: &'static str) -> Result<Self, Trouble> {
        let text = match value {
            Some(Value::Text(text)) => text.clone(),
            Some(Value::File(bytes)) => String::from_utf8_lossy(bytes).into_owned(),
            None => String::new(),
        };
        if text.trim().is_empty() {
            return Ok(Self(Vec::new()));
        }
        let invalid = || Trouble::invalid(name, "<xmlparameters> with <item NAME= VALUE=> is expected");
        let root = parse_xml(&text).map_err(|_| invalid())?;
        if !root.is("xmlparameters") && !root.is("parameters") {
            return Err(invalid());
        }
        Ok(Self(root.children.iter().filter_map(pair).collect()))
    }
}

/// `<item NAME="K" VALUE="v"/>`, or as it was once documented `<parameter key="K">v</parameter>`.
fn pair(node: &Node) -> Option<(String, String)> {
    let key = ["NAME", "KEY"].iter().find_map(|name| node.attribute(name))?;
    let value = node.attribute("VALUE").unwrap_or(&node.text);
    Some((key.trim().to_ascii_uppercase(), value.to_owned()))
}

impl Parameters {
    /// The options that they come to. Dates without a zone are in server time.
    pub(super) fn options(&self, dates: &Dates) -> Result<DocumentOptions, Trouble> {
        self.flag("SENDEMAILS")?;
        Ok(DocumentOptions {
            description: self.value("DESCRIPTION").map(str::to_owned),
            keywords: self.value("KEYWORDS").map(keywords),
            version_comment: self.value("VERSIONCOMMENT").unwrap_or_default().to_owned(),
            number: self.number()?,
            created: self.date("CREATIONDATE", dates)?,
            modified: self.date("MODIFICATIONDATE", dates)?,
            keep_lock: self.flag("CHECKOUT")?,
            publish: self.publish()?,
            ..DocumentOptions::default()
        })
    }

    /// A value that is not blank.
    fn value(&self, key: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == key);
        found
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.trim().is_empty())
    }

    fn flag(&self, key: &str) -> Result<bool, Trouble> {
        let value = self.value(key).map(|value| value.trim().to_ascii_lowercase());
        match value.as_deref() {
            None | Some("false" | "0") => Ok(false),
            Some("true" | "1") => Ok(true),
            Some(_) => Err(invalid(key, "true, false, 1 or 0 is expected")),
        }
    }

    /// The server's default is to publish.
    fn publish(&self) -> Result<bool, Trouble> {
        let value = self
            .value("PUBLISHOPTION")
            .map(|value| value.trim().to_ascii_lowercase());
        match value.as_deref() {
            None | Some("serverdefault" | "publish") => Ok(true),
            Some("dontpublish") => Ok(false),
            Some(_) => Err(invalid(
                "PUBLISHOPTION",
                "ServerDefault, Publish or DontPublish is expected",
            )),
        }
    }

    fn date(&self, key: &str, dates: &Dates) -> Result<Option<holdall_model::Timestamp>, Trouble> {
        let Some(text) = self.value(key) else {
            return Ok(None);
        };
        let read = dates.read(text);
        read.map(Some).ok_or_else(|| {
            invalid(
                key,
                "yyyy-MM-dd or yyyy-MM-ddTHH:mm:ss is expected, with Z for UTC",
            )
        })
    }

    /// A number of which no part is given, or all are zero, is for the server to choose.
    fn number(&self) -> Result<Option<VersionNumber>, Trouble> {
        let mut parts = [0; 3];
        for (part, key) in parts
            .iter_mut()
            .zip(["MPVERSIONMAJOR", "MPVERSIONMINOR", "MPVERSIONREVISION"])
        {
            if let Some(text) = self.value(key) {
                *part = text
                    .trim()
                    .parse()
                    .map_err(|_| invalid(key, "a whole number is expected"))?;
            }
        }
        match parts {
            [0, 0, 0] => Ok(None),
            [major, minor, revision] => version(NAME, major, minor, revision).map(Some),
        }
    }
}

/// A version's number of three parts; `parameter` is what a refusal names.
pub(super) fn version(
    parameter: &'static str,
    major: i64,
    minor: i64,
    revision: i64,
) -> Result<VersionNumber, Trouble> {
    VersionNumber::of_parts(major, minor, revision).ok_or_else(|| {
        let most = VersionNumber::MAX_MAJOR;
        Trouble::invalid(
            parameter,
            format!("a version is 1 to {most} for major, 0 to 999 for minor and for revision"),
        )
    })
}

fn invalid(key: &str, problem: &str) -> Trouble {
    Trouble::invalid(NAME, format!("{key}: {problem}"))
}

/// Words are separated by commas; blanks belong to them.
fn keywords(text: &str) -> String {
    let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::Parameters;
    use crate::protocol::{Args, Dates, FromArg as _, Trouble, Value};
    use holdall_model::{Timestamp, VersionNumber};
    use holdall_services::DocumentOptions;

    fn read(xml: &str) -> Result<DocumentOptions, Trouble> {
        let value = Value::Text(xml.to_owned());
        let parameters = Parameters::read(&Args::default(), Some(&value), "xmlParameters")?;
        parameters.options(&Dates::of_zone(Some("UTC")))
    }

    #[test]
    fn both_documented_forms_say_the_same() {
        let items = "<xmlparameters><item NAME=\"Description\" VALUE=\"a &amp; b\"/><item NAME=\"CHECKOUT\">1</item>\
                     <item NAME=\"KEYWORDS\" VALUE=\" one two, three,,\"/><item NAME=\"CREATIONDATE\" VALUE=\"1970-01-02\"/>\
                     <item NAME=\"PublishOption\" VALUE=\"dontpublish\"/><item NAME=\"MPVERSIONMAJOR\" VALUE=\"3\"/>\
                     <item NAME=\"MPVERSIONREVISION\" VALUE=\"7\"/><item NAME=\"else\" VALUE=\"x\"/></xmlparameters>";
        let options = read(items).unwrap();
        let expected = DocumentOptions {
            description: Some("a & b".to_owned()),
            keywords: Some("one two,three".to_owned()),
            number: Some(VersionNumber(3_000_007)),
            created: Some(Timestamp(86_400_000)),
            keep_lock: true,
            publish: false,
            ..DocumentOptions::default()
        };
        assert_eq!(options, expected);
        let former = items
            .replace("<item NAME=", "<parameter key=")
            .replace("</item>", "</parameter>")
            .replace("xmlparameters", "parameters");
        assert_eq!(read(&former).unwrap(), expected);
    }

    #[test]
    fn nothing_said_is_the_default() {
        for xml in [
            "",
            " ",
            "<xmlparameters/>",
            "<xmlparameters><item NAME=\"CHECKOUT\" VALUE=\"\"/><item NAME=\"MPVERSIONMAJOR\" VALUE=\"0\"/></xmlparameters>",
        ] {
            assert_eq!(read(xml).unwrap(), DocumentOptions::default(), "{xml}");
        }
    }

    #[test]
    fn an_unusable_value_is_refused_by_name() {
        for (key, value) in [
            ("CHECKOUT", "maybe"),
            ("SENDEMAILS", "2"),
            ("PUBLISHOPTION", "DoNotPublish"),
            ("CREATIONDATE", "soon"),
            ("MODIFICATIONDATE", "1/2/2024"),
            ("MPVERSIONMAJOR", "x"),
            ("MPVERSIONMINOR", "1000"),
        ] {
            let xml = format!("<xmlparameters><item NAME=\"{key}\" VALUE=\"{value}\"/></xmlparameters>");
            assert!(matches!(read(&xml), Err(Trouble::Invalid { .. })), "{key}");
        }
        assert!(read("<other/>").is_err());
        assert!(read("<xmlparameters>").is_err());
    }
}
