//! A progress bar for a transfer; nothing when nobody watches.

use holdall_client::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{self, IsTerminal as _};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// How often the bar looks.
const PAUSE: Duration = Duration::from_millis(100);

/// A bar that follows a transfer until it is stopped.
pub(crate) struct Meter {
    stop: Sender<()>,
    thread: Option<JoinHandle<()>>,
}

impl Meter {
    /// Starts to show `progress` on standard error, if that is a terminal.
    pub(crate) fn start(progress: &Arc<Progress>) -> Self {
        let (stop, stopped) = mpsc::channel();
        if !io::stderr().is_terminal() {
            return Self { stop, thread: None };
        }
        let progress = Arc::clone(progress);
        let thread = thread::spawn(move || {
            let bar = bar();
            while stopped.recv_timeout(PAUSE) == Err(RecvTimeoutError::Timeout) {
                bar.set_length(progress.total.load(Relaxed));
                bar.set_position(progress.there.load(Relaxed));
                bar.set_message(format!("{} documents verified", progress.documents.load(Relaxed)));
            }
            bar.finish_and_clear();
        });
        Self {
            stop,
            thread: Some(thread),
        }
    }

    /// Takes the bar away.
    pub(crate) fn stop(self) {
        drop(self.stop);
        if let Some(thread) = self.thread {
            drop(thread.join());
        }
    }
}

fn bar() -> ProgressBar {
    let template = "{bar:30} {decimal_bytes}/{decimal_total_bytes} {decimal_bytes_per_sec} {eta} {msg}";
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr()).with_style(style)
}
