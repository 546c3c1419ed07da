//! Who this device is: one seed for all its keys, its incarnation, and the person it belongs to. Kept in the encrypted store.

use super::wire::DeviceKeys;
use crate::error::{Error, Result};
use crate::host::Random;
use crate::ids::PersonId;
use crate::store::{meta, set_meta};
use rusqlite::Connection;

/// The identity in the store; made on the first open. The first person of a profile is made with it.
pub(super) fn load_or_found(rows: &Connection, random: &dyn Random) -> Result<(DeviceKeys, PersonId)> {
    if let (Some(seed), Some(incarnation), Some(person)) =
        (meta(rows, "seed")?, meta(rows, "incarnation")?, meta(rows, "person")?)
    {
        let seed = seed.try_into().map_err(|_| Error::Corrupt)?;
        let incarnation = u32::from_be_bytes(incarnation.try_into().map_err(|_| Error::Corrupt)?);
        let person = PersonId(person.try_into().map_err(|_| Error::Corrupt)?);
        return Ok((DeviceKeys::from_seed(seed, incarnation), person));
    }
    let (seed, person) = (random.bytes::<32>()?, random.bytes::<16>()?);
    set_meta(rows, "seed", &seed)?;
    set_meta(rows, "incarnation", &1u32.to_be_bytes())?;
    set_meta(rows, "person", &person)?;
    Ok((DeviceKeys::from_seed(seed, 1), PersonId(person)))
}
