//! A memory card with whatever somebody puts on it, as no phone need have written it.

use rafiq::sync::bundle::sheet::Sheets;

/// A card with these envelopes, in this order.
///
/// # Panics
/// When one of them is none.
pub fn card<E: AsRef<[u8]>>(envelopes: impl IntoIterator<Item = E>) -> Vec<u8> {
    let mut card = Vec::new();
    let mut sheets = Sheets::new(&mut card);
    for envelope in envelopes {
        sheets.put(envelope.as_ref()).unwrap();
    }
    sheets.finish().unwrap();
    card
}
