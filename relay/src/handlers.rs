//! HTTP: what comes in as bytes and goes out as bytes. What it means is decided in `exchange`.

use crate::config::{Limits, Log};
use crate::connections::Peer;
use crate::exchange::{Desk, Refusal};
use crate::store::Store;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Extension, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http_body_util::BodyExt;
use std::sync::Arc;
use tokio::time;

const CBOR: &str = "application/cbor";
/// Of a body that is too long so much is read and thrown away, so that the client reads the answer instead of a reset.
const SWALLOW: usize = 8 * 1024 * 1024;

/// The relay's roads.
pub(crate) fn router<S: Store>(desk: Arc<Desk<S>>) -> Router {
    Router::new()
        .route("/v1/exchange", post(exchange::<S>))
        .route("/livez", get(|| async { "alive\n" }))
        .route("/readyz", get(ready::<S>))
        .with_state(desk)
}

async fn exchange<S: Store>(
    State(desk): State<Arc<Desk<S>>>,
    Extension(peer): Extension<Peer>,
    request: Request,
) -> Response {
    if request.headers().get(header::CONTENT_TYPE).is_none_or(|kind| kind != CBOR) {
        return refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, "send application/cbor");
    }
    let bytes = match body(request, &desk.limits).await {
        Ok(bytes) => bytes,
        Err(refusal) => return refusal,
    };
    match desk.exchange(peer, &bytes).await {
        Ok(bytes) => ([(header::CONTENT_TYPE, HeaderValue::from_static(CBOR))], bytes).into_response(),
        Err(Refusal::NotUnderstood(why)) => refuse(StatusCode::BAD_REQUEST, &why.to_string()),
        Err(Refusal::Failed(error)) => {
            if desk.log >= Log::Error {
                eprintln!("rafiq-relay: an exchange failed: {error}");
            }
            unavailable()
        }
    }
}

/// Ready means that the database answers.
async fn ready<S: Store>(State(desk): State<Arc<Desk<S>>>) -> Response {
    match desk.store.look_up(crate::store::LookUp::default()).await {
        Ok(_) => "ready\n".into_response(),
        Err(_) => unavailable(),
    }
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
