use super::{Blame, Refusal, Soap, SoapCall, soap};

const V11: &str = "http://schemas.xmlsoap.org/soap/envelope/";
const V12: &str = "http://www.w3.org/2003/05/soap-envelope";

fn read(namespace: &str, body: &str, action: Option<&str>) -> Result<SoapCall, Refusal> {
    let text = format!("<s:Envelope xmlns:s='{namespace}'><s:Body>{body}</s:Body></s:Envelope>");
    soap(&text, Soap::V11, action, |name| {
        ["getfolder", "logout"].contains(&name.to_ascii_lowercase().as_str())
    })
}

fn path(call: &SoapCall) -> Option<&str> {
    call.args.text("path")
}

#[test]
fn every_spelling_of_the_action_finds_the_operation() {
    let wrapped = "<GetFolder xmlns='http://tempuri.org/'><Path>/Lib</Path></GetFolder>";
    for action in [
        None,
        Some(""),
        Some("\"\""),
        Some("http://tempuri.org/GetFolder"),
        Some("\"http://tempuri.org/GetFolder\""),
        Some("http://tempuri.org/#GetFolder"),
        Some("GetFolder"),
        Some("urn:else"),
    ] {
        let call = read(V11, wrapped, action).unwrap_or_else(|_| panic!("{action:?}"));
        assert_eq!(
            (call.version, call.operation.as_str(), path(&call)),
            (Soap::V11, "GetFolder", Some("/Lib"))
        );
    }
}

#[test]
fn children_may_be_qualified_or_not_and_in_any_case() {
    for body in [
        "<t:getfolder xmlns:t='http://tempuri.org/'><t:PATH>/Lib</t:PATH></t:getfolder>",
        "<GetFolder><path>/L<![CDATA[i]]>b</path></GetFolder>",
    ] {
        let call = read(V12, body, None).unwrap_or_else(|_| panic!("{body}"));
        assert_eq!((call.version, path(&call)), (Soap::V12, Some("/Lib")));
    }
}

#[test]
fn bare_parameters_are_routed_by_the_action() {
    let call =
        read(V11, "<Path>/Lib</Path><x/>", Some("http://tempuri.org/GetFolder")).unwrap_or_else(|_| panic!());
    assert_eq!(path(&call), Some("/Lib"));
}

#[test]
fn nulls_are_absent_and_markup_is_kept() {
    let body = "<GetFolder xmlns:i='http://www.w3.org/2001/XMLSchema-instance'><Path i:nil='true'>x</Path>\
                <xml><a b='1'/>&amp;</xml></GetFolder>";
    let call = read(V11, body, None).unwrap_or_else(|_| panic!());
    assert_eq!(path(&call), None);
    assert_eq!(call.args.text("xml"), Some("<a b='1'/>&amp;"));
}

fn refusal(result: Result<SoapCall, Refusal>) -> (Soap, Blame, String) {
    let Err(refusal) = result else {
        panic!("understood")
    };
    (refusal.version, refusal.fault.blame, refusal.fault.text)
}

#[test]
fn what_is_not_understood_is_refused_in_the_right_version() {
    assert_eq!(refusal(read("urn:x", "<GetFolder/>", None)).1, Blame::Version);
    let (version, blame, text) = refusal(read(V12, "<Nope/>", Some("http://tempuri.org/Nope")));
    assert_eq!((version, blame), (Soap::V12, Blame::Caller));
    assert_eq!(
        text,
        "Server did not recognize the value of HTTP Header SOAPAction: http://tempuri.org/Nope."
    );
    assert_eq!(
        refusal(read(V11, "<GetFolder/>", Some("LogOut"))).1,
        Blame::Caller
    );
    assert_eq!(refusal(read(V11, "", None)).1, Blame::Caller);
    assert_eq!(refusal(soap("<x/>", Soap::V12, None, |_| true)).0, Soap::V12);
}

#[test]
fn a_header_that_must_be_understood_ends_the_call() {
    let text = format!(
        "<s:Envelope xmlns:s='{V11}'><s:Header><a s:mustUnderstand='1'/></s:Header><s:Body><LogOut/></s:Body></s:Envelope>"
    );
    assert_eq!(
        refusal(soap(&text, Soap::V11, None, |_| true)).1,
        Blame::MustUnderstand
    );
}
