//! What `/mcp` answers to a table of requests, as a snapshot: status, headers that matter, and body.

use std::fmt::Write as _;

use axum::body::Body;
use http::{Method, header};
use serde_json::{Value, json};
use snappy_sandbox::{DEMO_EMAIL, DEMO_PASSWORD};

use crate::harness::{Browser, Connection, Registered, Reply, TestApp, products, request};

type Headers<'a> = &'a [(&'a str, &'a [u8])];

const JSON: (&str, &[u8]) = ("content-type", b"application/json");
const BOTH: (&str, &[u8]) = ("accept", b"application/json, text/event-stream");
const META: &str = "io.modelcontextprotocol/";

/// Collects one line for each request, and the answer below it.
struct Table<'a> {
    app: &'a TestApp,
    connection: &'a Connection,
    text: String,
}

impl<'a> Table<'a> {
    fn new(app: &'a TestApp, connection: &'a Connection) -> Self {
        Self { app, connection, text: String::new() }
    }

    async fn ask(&mut self, method: Method, headers: Headers<'_>, body: &str) {
        let mut request = request(method.clone(), "/mcp")
            .header(header::AUTHORIZATION, format!("Bearer {}", self.connection.access));
        write!(self.text, "{method}").unwrap();
        for (name, value) in headers {
            request = request.header(*name, *value);
            if ![JSON, BOTH].contains(&(*name, *value)) {
                write!(self.text, " {name}={}", value.escape_ascii()).unwrap();
            }
        }
        let reply = self.app.send(request.body(Body::from(body.to_owned())).unwrap()).await;
        writeln!(self.text, " {body}").unwrap();
        self.answered(&reply);
    }

    /// A POST with the usual headers, and these.
    async fn post(&mut self, headers: Headers<'_>, body: &str) {
        let usual = [JSON, BOTH];
        self.ask(Method::POST, &[&usual, headers].concat(), body).await;
    }

    /// A request of the 2025-06-18 revision.
    async fn legacy(&mut self, method: &str, params: Value) {
        let message = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
        self.post(&[("mcp-protocol-version", b"2025-06-18")], &message.to_string()).await;
    }

    /// A request of the 2026-07-28 revision with all that it must have.
    async fn modern(&mut self, method: &str, mut params: Value) {
        let name = ["name", "uri", "taskId"].iter().find_map(|key| params[key].as_str());
        let name = name.map(str::to_owned);
        params["_meta"] = meta("2026-07-28");
        let message = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
        let mut headers = vec![
            ("mcp-protocol-version", b"2026-07-28".as_slice()),
            ("mcp-method", method.as_bytes()),
        ];
        headers.extend(name.as_ref().map(|name| ("mcp-name", name.as_bytes())));
        self.post(&headers, &message.to_string()).await;
    }

    fn answered(&mut self, reply: &Reply) {
        write!(self.text, "  {}", reply.status.as_u16()).unwrap();
        for name in ["content-type", "allow", "www-authenticate", "mcp-session-id"] {
            if !reply.header(name).is_empty() {
                write!(self.text, " {name}={}", reply.header(name)).unwrap();
            }
        }
        let mut body = reply.text();
        // The list is long; its first entry stands for all.
        if let Ok(mut json) = serde_json::from_str::<Value>(&body)
            && let Some(tools) = json["result"]["tools"].as_array_mut()
        {
            tools.truncate(1);
            body = json.to_string();
        }
        writeln!(self.text, "\n  {body}\n").unwrap();
    }
}

fn meta(version: &str) -> Value {
    let mut meta = json!({});
    meta[format!("{META}protocolVersion")] = version.into();
    meta[format!("{META}clientCapabilities")] = json!({});
    meta
}

/// A request with this `_meta`.
fn with_meta(method: &str, meta: &Value) -> String {
    json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": {"_meta": meta}}).to_string()
}

fn initialize(version: &str) -> String {
    let client = json!({"name": "story", "version": "1"});
    let params = json!({"protocolVersion": version, "capabilities": {}, "clientInfo": client});
    json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params}).to_string()
}

const LIST: &str = r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#;
const PING: &str = r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#;

#[tokio::test]
async fn requests_that_http_alone_decides() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    let mut table = Table::new(&app, &connection);
    for method in [Method::GET, Method::DELETE, Method::PUT, Method::HEAD] {
        table.ask(method.clone(), &[], "").await;
        table.ask(method.clone(), &[("accept", b"text/event-stream")], "").await;
        table.ask(method, &[("mcp-protocol-version", b"1999-01-01")], LIST).await;
    }
    for accept in [
        "*/*",
        "application/*",
        "application/json",
        "application/json;q=0",
        "text/event-stream",
        "text/html",
        "text/event-stream, text/html",
        "application/JSON",
        "APPLICATION/JSON, TEXT/EVENT-STREAM",
        "",
    ] {
        table.ask(Method::POST, &[JSON, ("accept", accept.as_bytes())], PING).await;
    }
    table.ask(Method::POST, &[JSON], PING).await;
    for content_type in [
        "text/plain",
        "application/json; charset=utf-8",
        "Application/JSON",
        "application/json, text/plain",
        "",
    ] {
        table.ask(Method::POST, &[BOTH, ("content-type", content_type.as_bytes())], PING).await;
    }
    table.ask(Method::POST, &[BOTH], PING).await;
    // Which of several reasons is the one that is told.
    table.ask(Method::POST, &[("accept", b"text/html")], PING).await;
    table.ask(Method::POST, &[("accept", b"text/html")], "{").await;
    table.ask(Method::POST, &[BOTH], "{}").await;
    insta::assert_snapshot!(table.text);
}

#[tokio::test]
async fn bodies_that_are_messages_and_bodies_that_are_none() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    let mut table = Table::new(&app, &connection);
    for body in [
        "",
        " ",
        "{",
        "{} {}",
        "{}",
        "[]",
        " [1]",
        "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]",
        "7",
        "null",
        "\"text\"",
        r#"{"jsonrpc":"1.0","id":1,"method":"ping"}"#,
        r#"{"id":1,"method":"ping"}"#,
        r#"{"jsonrpc":"2.0","id":1}"#,
        r#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#,
        r#"{"jsonrpc":"2.0","id":true,"method":"ping"}"#,
        r#"{"jsonrpc":"2.0","id":1.5,"method":"ping"}"#,
        r#"{"jsonrpc":"2.0","id":2.0,"method":"ping"}"#,
        r#"{"jsonrpc":"2.0","id":-9,"method":"ping"}"#,
        r#"{"jsonrpc":"2.0","id":18446744073709551615,"method":"ping"}"#,
        r#"{"jsonrpc":"2.0","id":"a","method":"ping"}"#,
        r#"{"jsonrpc":"2.0","id":"","method":"ping"}"#,
        r#"{"jsonrpc":"2.0","id":1,"method":7}"#,
        r#"{"jsonrpc":"2.0","id":1,"method":"ping","params":null}"#,
        r#"{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}"#,
        r#"{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":1}}"#,
        r#"{"jsonrpc":"2.0","id":1,"method":"ping","result":{}}"#,
        r#"{"jsonrpc":"2.0","id":1,"result":{}}"#,
        r#"{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"x"}}"#,
        r#"{"jsonrpc":"2.0","method":"ping"}"#,
        r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#,
        r#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"#,
        r#"{"jsonrpc":"2.0","method":"notifications/cancelled"}"#,
        r#"{"jsonrpc":"2.0","method":"notifications/unknown","params":{"a":1}}"#,
        r#"{"jsonrpc":"2.0","method":"tools/call","params":{"name":"xano_list_instances"}}"#,
    ] {
        table.post(&[], body).await;
    }
    insta::assert_snapshot!(table.text);
}

#[tokio::test]
async fn revisions_and_the_headers_that_go_with_them() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    let mut table = Table::new(&app, &connection);
    let version = |version: &'static str| ("mcp-protocol-version", version.as_bytes());
    let ping = with_meta("ping", &meta("2025-06-18"));
    for header in ["2024-11-05", "2025-03-26", "2025-11-25", "1999-01-01", "2027-01-01", ""] {
        table.post(&[version(header)], PING).await;
        table.post(&[version(header)], &ping).await;
        let message = r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#;
        table.post(&[version(header)], message).await;
    }
    table.post(&[("mcp-protocol-version", b"\xff")], PING).await;
    table.post(&[("mcp-protocol-version", b"\xff")], &ping).await;
    table.post(&[version("2025-06-18"), version("2026-07-28")], PING).await;

    // `_meta` against the header.
    let modern = "2026-07-28";
    let list = with_meta("tools/list", &meta(modern));
    let method = ("mcp-method", b"tools/list".as_slice());
    table.post(&[], &list).await;
    table.post(&[method], &list).await;
    table.post(&[version("2025-06-18")], &list).await;
    table.post(&[version(modern)], &list).await;
    table.post(&[version(modern), method], &list).await;
    table.post(&[version(modern), ("mcp-session-id", b"any"), method], &list).await;
    table.post(&[version(modern), method], LIST).await;
    table.post(&[version(modern), method], &with_meta("tools/list", &json!({}))).await;
    for (key, value) in [
        ("protocolVersion", json!(null)),
        ("protocolVersion", json!(7)),
        ("clientCapabilities", json!(null)),
        ("clientCapabilities", json!([])),
        ("clientCapabilities", json!({"elicitation": 7})),
        ("clientInfo", json!(7)),
    ] {
        let mut broken = meta(modern);
        broken[format!("{META}{key}")] = value;
        let broken = with_meta("tools/list", &broken);
        table.post(&[version(modern), method], &broken).await;
    }
    for other in ["2025-06-18", "1999-01-01", "2027-01-01"] {
        let list = with_meta("tools/list", &meta(other));
        table.post(&[version(other), method], &list).await;
        let mut bare = meta(other);
        bare.as_object_mut().unwrap().remove(&format!("{META}clientCapabilities"));
        table.post(&[version(other), method], &with_meta("tools/list", &bare)).await;
    }
    // `server/discover`.
    let method = ("mcp-method", b"server/discover".as_slice());
    for params in [json!({}), meta(modern), meta("2025-06-18"), meta("2027-01-01")] {
        let discover = with_meta("server/discover", &params);
        for header in [modern, "2025-06-18", "2027-01-01"] {
            table.post(&[version(header), method], &discover).await;
        }
        table.post(&[method], &discover).await;
    }
    insta::assert_snapshot!(table.text);
}

#[tokio::test]
async fn headers_that_repeat_the_body() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    let mut table = Table::new(&app, &connection);
    let version = ("mcp-protocol-version", b"2026-07-28".as_slice());
    let call = |name: &str| {
        let params = json!({"name": name, "arguments": {}, "_meta": meta("2026-07-28")});
        json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}).to_string()
    };
    let name = "debug_refresh_profile";
    let call_it = call(name);
    let method = ("mcp-method", b"tools/call".as_slice());
    for headers in [
        vec![],
        vec![("mcp-method", b"tools/list".as_slice())],
        vec![("mcp-method", b"Tools/Call".as_slice())],
        vec![("mcp-method", b"\xff".as_slice())],
        vec![method, method],
        vec![method],
        vec![method, ("mcp-name", b"debug_auth".as_slice())],
        vec![method, ("mcp-name", b"\xff".as_slice())],
        vec![method, ("mcp-name", name.as_bytes()), ("mcp-name", name.as_bytes())],
        vec![method, ("mcp-name", name.as_bytes())],
        vec![method, ("mcp-name", b"=?base64?ZGVidWdfcmVmcmVzaF9wcm9maWxl?=".as_slice())],
        vec![method, ("mcp-name", b"=?base64?ZGVidWdfYXV0aA==?=".as_slice())],
        vec![method, ("mcp-name", b"=?base64?%%?=".as_slice())],
        vec![method, ("mcp-name", b"=?base64?/w==?=".as_slice())],
        vec![method, ("mcp-name", name.as_bytes()), ("mcp-param-x", b"y".as_slice())],
    ] {
        table.post(&[&[version], headers.as_slice()].concat(), &call_it).await;
        if headers.len() == 1 {
            table.post(&[("mcp-protocol-version", b"2025-11-25"), headers[0]], PING).await;
        }
    }
    let sent = [version, method, ("mcp-name", "=?base64?w6k=?=".as_bytes())];
    table.post(&sent, &call("é")).await;
    for (method, params) in [
        ("notifications/initialized", json!({})),
        ("notifications/cancelled", json!({"requestId": 1})),
    ] {
        let message = json!({"jsonrpc": "2.0", "method": method, "params": params}).to_string();
        table.post(&[version], &message).await;
        table.post(&[version, ("mcp-method", b"other")], &message).await;
        table.post(&[version, ("mcp-method", method.as_bytes())], &message).await;
    }
    table.post(&[version], r#"{"jsonrpc":"2.0","id":1,"result":{}}"#).await;
    insta::assert_snapshot!(table.text);
}

#[tokio::test]
async fn initialize_in_every_revision() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    let mut table = Table::new(&app, &connection);
    for version in
        ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28", "1999-01-01", ""]
    {
        let body = initialize(version);
        table.post(&[], &body).await;
        table.post(&[("mcp-protocol-version", version.as_bytes())], &body).await;
        table.post(&[("mcp-protocol-version", b"2025-06-18")], &body).await;
    }
    let body = initialize("2026-07-28");
    let version = ("mcp-protocol-version", b"2026-07-28".as_slice());
    let method = ("mcp-method", b"initialize".as_slice());
    let other = ("mcp-method", b"tools/list".as_slice());
    for headers in [
        vec![version, method],
        vec![version, method, method],
        vec![version, other],
        vec![other],
        vec![("mcp-protocol-version", b"\xff".as_slice())],
    ] {
        table.post(&headers, &body).await;
    }
    for meta in [meta("2026-07-28"), meta("2025-06-18"), meta("1999-01-01"), json!({})] {
        let mut message: Value = serde_json::from_str(&initialize("2025-06-18")).unwrap();
        message["params"]["_meta"] = meta;
        table.post(&[("mcp-protocol-version", b"2025-06-18")], &message.to_string()).await;
    }
    table.legacy("initialize", json!({})).await;
    table.modern("initialize", json!({})).await;
    insta::assert_snapshot!(table.text);
}

#[tokio::test]
async fn methods_of_both_eras() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    let mut table = Table::new(&app, &connection);
    let mut record = products();
    record["record_id"] = 1.into();
    let record = json!({"name": "xano_get_table_record", "arguments": record});
    let uri = json!({"uri": "xano://a"});
    let reference = json!({"type": "ref/prompt", "name": "x"});
    let argument = json!({"name": "a", "value": "b"});
    for (method, params) in [
        ("ping", json!({})),
        ("tools/list", json!({})),
        ("tools/list", json!({"cursor": "x"})),
        ("tools/list", json!({"cursor": 7})),
        ("tools/call", record),
        ("tools/call", json!({"name": "xano_get_table_record", "arguments": {"record_id": "x"}})),
        ("tools/call", json!({"name": "xano_get_table_record"})),
        ("tools/call", json!({"name": "xano_get_table_record", "arguments": []})),
        ("tools/call", json!({"name": "no_such_tool", "arguments": {}})),
        ("tools/call", json!({"name": "x".repeat(300)})),
        ("tools/call", json!({"arguments": {}})),
        ("tools/call", json!({"name": 7})),
        ("prompts/list", json!({})),
        ("prompts/get", json!({"name": "x"})),
        ("resources/list", json!({})),
        ("resources/templates/list", json!({})),
        ("resources/read", uri.clone()),
        ("resources/subscribe", uri.clone()),
        ("resources/unsubscribe", uri.clone()),
        ("resources/directory/read", uri.clone()),
        ("completion/complete", json!({"ref": reference, "argument": argument})),
        ("completion/complete", json!({})),
        ("logging/setLevel", json!({"level": "info"})),
        ("subscriptions/listen", json!({"notifications": {}})),
        ("tasks/get", json!({"taskId": "x"})),
        ("tasks/update", json!({"taskId": "x", "inputResponses": {}})),
        ("tasks/cancel", json!({"taskId": "x"})),
        ("skills/list", json!({})),
        ("skills/get", json!({"uri": "skill://a/SKILL.md"})),
        ("no/such", json!({"a": 1})),
        ("server/discover", json!({})),
    ] {
        table.legacy(method, params.clone()).await;
        table.modern(method, params).await;
    }
    let bare = |method: &str| json!({"jsonrpc": "2.0", "id": "x", "method": method}).to_string();
    for method in ["tools/list", "tools/call", "prompts/list", "no/such", "initialize"] {
        table.post(&[], &bare(method)).await;
    }
    insta::assert_snapshot!(table.text);
}

#[tokio::test]
async fn a_narrow_connection_is_asked_to_step_up_before_anything_else_is_checked() {
    let app = TestApp::start().await;
    let client = Registered::new(&app).await;
    let authorize = client.authorize_with(&[("scope", "xano:read")]);
    let to = Browser::default().allow_as(&app, &authorize, DEMO_EMAIL, DEMO_PASSWORD).await;
    let connection = Connection::finish(&app, client, &to).await;
    let mut table = Table::new(&app, &connection);
    let delete = json!({"name": "xano_delete_table", "arguments": {}});
    table.legacy("tools/call", delete.clone()).await;
    table.modern("tools/call", delete.clone()).await;
    let read = json!({"name": "xano_get_table_record", "arguments": {}});
    table.legacy("tools/call", read).await;
    let call = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": delete});
    table.ask(Method::POST, &[], &call.to_string()).await;
    table.ask(Method::POST, &[JSON, ("accept", b"text/html")], &call.to_string()).await;
    table.post(&[("mcp-protocol-version", b"1999-01-01")], &call.to_string()).await;
    insta::assert_snapshot!(table.text);
}

#[tokio::test]
async fn a_connection_whose_sign_in_has_ended_is_challenged() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    let opens = initialize("2025-11-25")
        .replace(r#""capabilities":{}"#, r#""capabilities":{"elicitation":{"url":{}}}"#);
    connection.rpc(&app, &serde_json::from_str(&opens).unwrap()).await;
    app.xano.expire_session(DEMO_EMAIL);
    app.xano.rotate_key(DEMO_EMAIL);
    connection
        .rpc(
            &app,
            &json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params":
        {"name": "xano_list_databases", "arguments": {"instance_name": "xsbx-demo-0001"}}}),
        )
        .await;
    let mut table = Table::new(&app, &connection);
    table.ask(Method::GET, &[], "").await;
    table.post(&[], "{").await;
    table.post(&[], "[]").await;
    table.post(&[], PING).await;
    table.post(&[], r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#).await;
    table.modern("server/discover", json!({})).await;
    table.modern("tools/list", json!({})).await;
    // Only a tool call can lead the person to the sign-in.
    let call =
        json!({"name": "xano_list_databases", "arguments": {"instance_name": "xsbx-demo-0001"}});
    table.modern("tools/call", call.clone()).await;
    table.legacy("tools/call", call.clone()).await;
    table.legacy("tools/call", json!({"name": "no_such_tool"})).await;
    let message = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call});
    table.ask(Method::POST, &[BOTH], &message.to_string()).await;
    table.post(&[], &opens).await;
    table.post(&[], &initialize("2025-11-25")).await;
    table.legacy("tools/call", call).await;
    // The connection's id depends on how many ids the storage has taken.
    let grant: String = table.text.split("grant=").nth(1).unwrap().chars().take(36).collect();
    insta::assert_snapshot!(table.text.replace(&grant, "GRANT"));
}
