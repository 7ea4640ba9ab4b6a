//! What Prometheus reads.

use serde_json::json;
use snappy_domain::metrics::METRICS;
use snappy_sandbox::{DEMO_EMAIL, Effect, FaultRule, Options, Sandbox};

use crate::server::{Server, client, connect, record, refresh};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_metric_is_there_and_nothing_about_people_is() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let dir = tempfile::tempdir().unwrap();
    let database = format!("sqlite://{}", dir.path().join("s.db").display());
    let more = [("SNAPPY_METRICS_LISTEN", "127.0.0.1:0")];
    let server = Server::on(&sandbox, &database, 0, &more);
    let (id, access, token) = connect(&server.base).await;
    let xano = sandbox.control();
    let read = async || server.call(&access, "xano_get_table_record", record()).await.unwrap();
    read().await;
    xano.rotate_key(DEMO_EMAIL);
    read().await;
    refresh(&server.base, &id, &token).await;
    // A response of another shape than the contract's.
    let body = json!([1]);
    xano.push_fault(FaultRule { times: Some(1), ..FaultRule::always(Effect::WrongShape { body }) });
    read().await;
    // A limited instance: writes are refused at once, reads wait.
    xano.set_free_plan_limit(true);
    let mut arguments = record();
    arguments["record_data"] = json!({"name": "Teapot"});
    arguments.as_object_mut().unwrap().remove("record_id");
    for _ in 0..12 {
        let create = server.call(&access, "xano_create_table_record", arguments.clone());
        if create.await.unwrap()["success"] == false {
            break;
        }
    }
    read().await;

    let url = server.metrics.as_ref().unwrap();
    let page = client().get(url).send().await.unwrap().text().await.unwrap();
    for metric in METRICS {
        assert!(page.contains(&format!("# HELP {} ", metric.name)), "{}", metric.name);
        let line = page.lines().find(|line| {
            line.starts_with(metric.name) && metric.labels.iter().all(|label| line.contains(label))
        });
        assert!(line.is_some(), "{} has no sample: {page}", metric.name);
    }
    for part in [
        "snappy_credential_refreshes_total{outcome=\"refreshed\"} 1",
        "snappy_upstream_request_duration_seconds_count{operation=\"get_record\",status=\"401\"} 1",
        "snappy_oauth_refreshes_total{outcome=\"rotated\"} 1",
        "gen_ai_tool_name=\"xano_create_table_record\",error_type=\"RATE_LIMITED\"",
        "snappy_oauth_token_requests_total{grant_type=\"authorization_code\",outcome=\"ok\"} 1",
        "snappy_credential_refresh_waiters 0",
    ] {
        assert!(page.contains(part), "{part} is missing: {page}");
    }
    let key = xano.api_key(DEMO_EMAIL);
    for secret in [DEMO_EMAIL, "demo", id.as_str(), &access, &token, &key, "xsbx-demo-0001"] {
        assert!(!page.contains(secret), "{secret}");
    }
}
