//! `holdall import`: from a directory, or from another server.

use super::HouseFlags;
use anyhow::{Context as _, bail};
use clap::Args;
use std::path::PathBuf;

/// `holdall import`
#[derive(Args, Debug)]
#[command(override_usage = "holdall import [OPTIONS] <SRC> </LIBRARY/FOLDER>\n       \
    holdall import [OPTIONS] --from-inforouter <URL> --user <NAME> --library <LIBRARY> [/LIBRARY/FOLDER]")]
pub(crate) struct Import {
    /// The directory whose contents are brought in; none with --from-inforouter.
    #[arg(value_name = "SRC")]
    source: Option<String>,
    /// The folder they go to, for example /Projects/Bridge; library and folders are made as needed.
    #[arg(value_name = "/LIBRARY/FOLDER")]
    target: Option<String>,
    /// Who owns what is made; without it the first administrator.
    #[arg(long = "as", value_name = "NAME")]
    pub(crate) owner: Option<String>,
    /// Bring a library in from the infoRouter server at this address, with versions, owners, dates and access lists.
    #[arg(long, value_name = "URL", requires_all = ["user", "library"])]
    from_inforouter: Option<String>,
    /// The account there, best one that manages the library. Its password is in `HOLDALL_INFOROUTER_PASSWORD`, or see
    /// --password-stdin.
    #[arg(long, value_name = "NAME", requires = "from_inforouter")]
    user: Option<String>,
    /// The library there, or a folder of one, for example /Projects/Bridge; without a target, it goes to the same place here.
    #[arg(long, value_name = "LIBRARY", requires = "from_inforouter")]
    library: Option<String>,
    /// Read the account's password from the first line of standard input.
    #[arg(long, requires = "from_inforouter")]
    password_stdin: bool,
    /// Documents that are fetched at a time.
    #[arg(long, value_name = "N", requires = "from_inforouter", default_value = "4", value_parser = clap::value_parser!(u8).range(1..=32))]
    connections: u8,
    /// The time zone that server shows, for example Europe/Berlin, where its dates have summers and winters; without it, the one
    /// it has now.
    #[arg(long, value_name = "ZONE", requires = "from_inforouter")]
    server_zone: Option<String>,
    /// The house to import into. It must not be served at the same time when it uses SQLite.
    #[command(flatten)]
    pub(crate) house: HouseFlags,
}

/// Where an import comes from, and the folder it goes to.
#[derive(Debug)]
pub(crate) enum ImportFrom {
    /// A directory.
    Directory {
        /// The directory.
        source: PathBuf,
        /// The folder it goes to.
        target: String,
    },
    /// A library of another server.
    Server {
        /// Its address.
        url: String,
        /// The account there.
        user: String,
        /// The library or folder there, by path.
        library: String,
        /// Whether the password comes by standard input.
        password_stdin: bool,
        /// Documents that are fetched at a time.
        connections: usize,
        /// The server's time zone.
        zone: Option<String>,
        /// The folder it goes to.
        target: String,
    },
}

impl Import {
    /// What is asked for. Fails when the places do not fit it.
    pub(crate) fn from(&self) -> anyhow::Result<ImportFrom> {
        let Some(url) = self.from_inforouter.clone() else {
            let source = self
                .source
                .clone()
                .context("the directory to import is missing")?;
            let target = self
                .target
                .clone()
                .context("the folder to import into is missing, for example /Projects/Bridge")?;
            return Ok(ImportFrom::Directory {
                source: PathBuf::from(source),
                target,
            });
        };
        if self.target.is_some() {
            bail!(
                "with --from-inforouter there is no SRC: give the target alone, for example /Projects/Bridge"
            );
        }
        let library = self.library.clone().unwrap_or_default();
        let library = format!("/{}", library.trim_matches(['/', '\\']));
        Ok(ImportFrom::Server {
            url,
            user: self.user.clone().unwrap_or_default(),
            target: self.source.clone().unwrap_or_else(|| library.clone()),
            library,
            password_stdin: self.password_stdin,
            connections: usize::from(self.connections),
            zone: self.server_zone.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::ImportFrom;
    use crate::arguments::{Arguments, Command};
    use clap::Parser as _;

    fn parse(arguments: &[&str]) -> Result<ImportFrom, String> {
        let all = ["holdall", "import"].iter().chain(arguments);
        let parsed = Arguments::try_parse_from(all).map_err(|error| error.to_string())?;
        match parsed.command {
            Command::Import(import) => import.from().map_err(|error| error.to_string()),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_directory_takes_a_source_and_a_target() {
        let ImportFrom::Directory { target, .. } = parse(&["docs", "/Lib/A"]).unwrap() else {
            panic!("no directory");
        };
        assert_eq!(target, "/Lib/A");
        assert!(parse(&["docs"]).unwrap_err().contains("/Projects/Bridge"));
        assert!(parse(&["docs", "/Lib", "--user", "u"]).is_err());
    }

    #[test]
    fn a_server_takes_a_library_and_at_most_a_target() {
        let server = ["--from-inforouter", "http://h", "--user", "u", "--library", "Lib"];
        let target = |more: &[&str]| match parse(&[&server[..], more].concat()) {
            Ok(ImportFrom::Server { target, library, .. }) => Ok((library, target)),
            Ok(other) => panic!("{other:?}"),
            Err(error) => Err(error),
        };
        assert_eq!(target(&[]).unwrap(), ("/Lib".to_owned(), "/Lib".to_owned()));
        assert_eq!(target(&["/New/A"]).unwrap().1, "/New/A");
        assert!(target(&["docs", "/New/A"]).unwrap_err().contains("no SRC"));
        assert!(
            parse(&["--from-inforouter", "http://h"])
                .unwrap_err()
                .contains("--user")
        );
    }
}
