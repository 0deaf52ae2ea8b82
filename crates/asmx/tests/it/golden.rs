//! Every recorded request is played over every transport and must give the recorded answer. `HOLDALL_GOLDEN=update` records.

use crate::call::Transport;
use crate::case::Case;
use futures_util::{StreamExt as _, stream};
use std::env;

/// How many houses are open at once.
const HOUSES: usize = 8;

#[tokio::test(flavor = "multi_thread")]
async fn every_case_gives_its_answer_on_every_transport() {
    let update = env::var("HOLDALL_GOLDEN").is_ok_and(|value| value == "update");
    let cases = Case::all();
    assert!(!cases.is_empty());
    let plays = stream::iter(&cases).map(|case| async move { (case, play(case).await) });
    let answers: Vec<_> = plays.buffered(HOUSES).collect().await;
    let mut wrong = Vec::new();
    for (case, answers) in answers {
        if update {
            case.record(&answers[0].1);
        }
        let expected = case.expected().unwrap_or_default();
        for (transport, answer) in answers
            .iter()
            .filter(|(_, answer)| answer.trim_end() != expected.trim_end())
        {
            wrong.push(format!(
                "{}/{} over {transport:?}\n{answer}not\n{expected}",
                case.operation, case.name
            ));
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

async fn play(case: &Case) -> Vec<(Transport, String)> {
    let mut answers = Vec::new();
    for transport in Transport::ALL {
        answers.push((transport, case.play(transport).await));
    }
    answers
}
