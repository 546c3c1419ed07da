//! HTTP: what comes in as bytes and goes out as bytes. What it means is decided in `exchange`.

use crate::config::{Limits, Log};
use crate::connections::{Peer, Peers};
use crate::exchange::{Caller, Desk, Refusal};
use crate::store::LookUp;
use crate::waking::Waking;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Extension, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http_body_util::BodyExt;
use std::sync::Arc;
use tokio::{sync::watch, time};

const CBOR: &str = "application/cbor";
/// Of a body that is too long so much is read and thrown away, so that the client reads the answer instead of a reset.
const SWALLOW: usize = 8 * 1024 * 1024;

/// The relay's roads.
pub(crate) fn public(desk: Arc<Desk>, waking: Waking) -> Router {
    let exchange = Router::new().route("/v1/exchange", post(exchange)).with_state(Arc::clone(&desk));
    exchange.merge(Router::new().route("/v1/wake", post(wake)).with_state((desk, waking)))
}

/// The operator's, on a port of its own.
pub(crate) fn admin(desk: Arc<Desk>, peers: Arc<Peers>, stopping: watch::Receiver<bool>) -> Router {
    Router::new()
        .route("/livez", get(|| async { "alive\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .with_state((desk, peers, stopping))
}

async fn exchange(State(desk): State<Arc<Desk>>, Extension(peer): Extension<Peer>, request: Request) -> Response {
    let operator = desk.is_operator(bearer(&request));
    let bytes = match message(request, &desk.limits).await {
        Ok(bytes) => bytes,
        Err(refusal) => return refusal,
    };
    match desk.exchange(Caller { peer, operator }, &bytes).await {
        Ok(bytes) => {
            desk.metrics.exchanges.add(1);
            ([(header::CONTENT_TYPE, HeaderValue::from_static(CBOR))], bytes).into_response()
        }
        Err(refusal) => answer(&desk, refusal),
    }
}

/// A stream of `wake` events: one when something waits for the reader, one whenever something arrives. It is asked for like an
/// exchange, by POST, so that no tag and no signature stands in an address that proxies log.
async fn wake(
    State((desk, waking)): State<(Arc<Desk>, Waking)>,
    Extension(peer): Extension<Peer>,
    request: Request,
) -> Response {
    let bytes = match message(request, &desk.limits).await {
        Ok(bytes) => bytes,
        Err(refusal) => return refusal,
    };
    let watch = match desk.wake(peer, &bytes).await {
        Ok(watch) => watch,
        Err(refusal) => return answer(&desk, refusal),
    };
    match waking.stream(desk, peer, watch) {
        Some(events) => {
            let kind = [(header::CONTENT_TYPE, "text/event-stream"), (header::CACHE_CONTROL, "no-store")];
            (kind, Body::new(events)).into_response()
        }
        None => {
            let wait = [(header::RETRY_AFTER, HeaderValue::from_static("60"))];
            (StatusCode::TOO_MANY_REQUESTS, wait, "too many streams from one address\n").into_response()
        }
    }
}

/// Ready means that the database answers and that nobody has told the relay to stop.
async fn ready(State((desk, _, stopping)): State<Operated>) -> Response {
    match desk.store.look_up(LookUp::probe()).await {
        Ok(_) if !*stopping.borrow() => "ready\n".into_response(),
        _ => unavailable(),
    }
}

type Operated = (Arc<Desk>, Arc<Peers>, watch::Receiver<bool>);

async fn metrics(State((desk, peers, _)): State<Operated>) -> Response {
    let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; version=0.0.4"))];
    (kind, desk.metrics.print(&peers)).into_response()
}

fn bearer(request: &Request) -> Option<&str> {
    request.headers().get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

fn answer(desk: &Desk, refusal: Refusal) -> Response {
    match refusal {
        Refusal::NotUnderstood(why) => {
            desk.metrics.not_understood.add(1);
            refuse(StatusCode::BAD_REQUEST, &why.to_string())
        }
        Refusal::Unknown => refuse(StatusCode::NOT_FOUND, "nothing here to watch"),
        Refusal::Failed(error) => {
            desk.metrics.failed.add(1);
            if desk.log >= Log::Error {
                eprintln!("rafiq-relay: an exchange failed: {error}");
            }
            unavailable()
        }
    }
}

async fn message(request: Request, limits: &Limits) -> Result<Vec<u8>, Response> {
    if request.headers().get(header::CONTENT_TYPE).is_none_or(|kind| kind != CBOR) {
        return Err(refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, "send application/cbor"));
    }
    body(request, limits).await
}

async fn body(request: Request, limits: &Limits) -> Result<Vec<u8>, Response> {
    let collected = time::timeout(limits.body_timeout, collect(request.into_body(), limits.body)).await;
    let refusal = match collected {
        Ok(Ok(Some(bytes))) => return Ok(bytes),
        Ok(Ok(None)) => refuse(StatusCode::PAYLOAD_TOO_LARGE, "the body is too long"),
        Ok(Err(_)) => refuse(StatusCode::BAD_REQUEST, "the body ended early"),
        Err(_) => refuse(StatusCode::REQUEST_TIMEOUT, "the body took too long"),
    };
    Err(refusal)
}

/// The whole body, or `None` when it is longer than `limit`.
async fn collect(mut body: Body, limit: usize) -> Result<Option<Vec<u8>>, axum::Error> {
    let (mut bytes, mut length) = (Vec::new(), 0_usize);
    while let Some(frame) = body.frame().await {
        let data: Bytes = frame?.into_data().unwrap_or_default();
        length += data.len();
        if length > SWALLOW {
            break;
        }
        if length <= limit {
            bytes.extend_from_slice(&data);
        } else {
            bytes = Vec::new();
        }
    }
    Ok((length <= limit).then_some(bytes))
}

fn refuse(status: StatusCode, why: &str) -> Response {
    (status, format!("{why}\n")).into_response()
}

fn unavailable() -> Response {
    let wait = [(header::RETRY_AFTER, HeaderValue::from_static("30"))];
    (StatusCode::SERVICE_UNAVAILABLE, wait, "try again later\n").into_response()
}
