//! The recommended nginx configuration in front.

use crate::Stage;
use anyhow::Context as _;
use holdall_e2e::{Transport, project, tool};
use std::fs;
use std::io::Read as _;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A running nginx; ended when dropped.
struct Nginx {
    process: Child,
    url: String,
}

impl Nginx {
    /// Runs `docs/nginx/holdall.conf` without its certificate, in front of the server at `upstream`.
    fn before(upstream: &str, scratch: &Path) -> anyhow::Result<Self> {
        let recommended = fs::read_to_string(project()?.join("docs/nginx/holdall.conf"))?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let folder = scratch.display();
        let server = recommended
            .lines()
            .filter(|line| !line.trim_start().starts_with("ssl_"))
            .map(|line| line.replace("443 ssl", &format!("127.0.0.1:{port}")))
            .map(|line| line.replace("http://127.0.0.1:8080", upstream))
            .map(|line| line.replace("/var/log/nginx/holdall.log", &format!("{folder}/access.log")))
            .collect::<Vec<_>>()
            .join("\n");
        let configuration = format!(
            "daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/error.log;\n\
             events {{}}\nhttp {{\nclient_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; \
             fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;\n{server}\n}}\n"
        );
        let path = scratch.join("nginx.conf");
        fs::write(&path, configuration)?;
        let mut command = Command::new(tool("nginx")?);
        command
            .arg("-p")
            .arg(scratch)
            .arg("-c")
            .arg(&path)
            .stderr(Stdio::null());
        let mut process = command.spawn().context("cannot start nginx")?;
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            if let Some(status) = process.try_wait()? {
                anyhow::bail!(
                    "nginx ended with {status}: {}",
                    fs::read_to_string(scratch.join("error.log"))?
                );
            }
        }
        Ok(Self {
            process,
            url: format!("http://127.0.0.1:{port}"),
        })
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        drop(self.process.kill().and_then(|()| self.process.wait()));
    }
}

#[test]
fn the_recommended_proxy_changes_nothing() -> anyhow::Result<()> {
    let stage = Stage::of(12 << 20)?;
    let (direct, resumed) = (
        stage.house.scratch("direct.zip"),
        stage.house.scratch("resumed.zip"),
    );
    stage.download.fetch(&direct)?;
    let folder = stage.house.scratch("nginx");
    fs::create_dir(&folder)?;
    let nginx = Nginx::before(stage.server.url(), &folder)?;
    let client = stage.client.moved(&nginx.url);
    let download = client.download(&stage.handler)?;
    assert_eq!(
        (download.len, &download.etag),
        (stage.download.len, &stage.download.etag)
    );

    let mut curl = download.curl()?.stdout(Stdio::piped()).spawn()?;
    let mut beginning = vec![0; 1_234_567];
    curl.stdout
        .take()
        .context("no pipe")?
        .read_exact(&mut beginning)?;
    curl.kill()?;
    curl.wait()?;
    fs::write(&resumed, &beginning)?;
    download.resume(&resumed)?;
    let whole = fs::read(&direct)?;
    assert!(
        whole == fs::read(&resumed)?,
        "the archive differs behind the proxy"
    );
    for transport in Transport::ALL {
        let chunk = client
            .chunk(transport, &stage.handler, 5_000, 1 << 20)?
            .map_err(anyhow::Error::msg)?;
        assert!(
            whole.get(5_000..5_000 + (1 << 20)) == Some(&chunk.bytes),
            "{transport:?} differs behind the proxy"
        );
    }
    let log = fs::read_to_string(folder.join("access.log"))?;
    assert!(log.contains("/srv.asmx/DownloadFileChunk"), "{log}");
    assert!(
        !log.contains(client.ticket()),
        "l10: a ticket is in the proxy's log"
    );
    Ok(())
}
