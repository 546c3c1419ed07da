//! Reading bytes and LEB128 numbers, shortest form only.

use super::Refused;

/// Bytes and how far they have been read. It never allocates.
#[derive(Debug, Clone)]
pub(in crate::sync) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(in crate::sync) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(in crate::sync) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    pub(in crate::sync) fn remaining(&self) -> usize {
        self.rest.len()
    }

    /// The next `count` bytes.
    pub(in crate::sync) fn take(&mut self, count: usize) -> Result<&'a [u8], Refused> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or(Refused::CutShort)?;
        self.rest = rest;
        Ok(taken)
    }

    /// The next `N` bytes as an array.
    pub(in crate::sync) fn array<const N: usize>(&mut self) -> Result<[u8; N], Refused> {
        let (taken, rest) = self.rest.split_first_chunk::<N>().ok_or(Refused::CutShort)?;
        self.rest = rest;
        Ok(*taken)
    }

    pub(in crate::sync) fn byte(&mut self) -> Result<u8, Refused> {
        self.array::<1>().map(|[byte]| byte)
    }

    /// An unsigned number in its shortest form.
    pub(in crate::sync) fn unsigned(&mut self) -> Result<u64, Refused> {
        let mut value = 0u64;
        for place in 0..10 {
            let byte = self.byte()?;
            if place == 9 && byte > 1 {
                return Err(Refused::BadNumber);
            }
            value |= u64::from(byte & 0x7f) << (7 * place);
            if byte & 0x80 == 0 {
                return if place > 0 && byte == 0 { Err(Refused::BadNumber) } else { Ok(value) };
            }
        }
        Err(Refused::BadNumber)
    }

    /// An unsigned number that counts things in these bytes: it must fit `usize`.
    pub(in crate::sync) fn count(&mut self) -> Result<usize, Refused> {
        usize::try_from(self.unsigned()?).map_err(|_| Refused::BadNumber)
    }

    /// A signed number in its shortest form.
    pub(in crate::sync) fn signed(&mut self) -> Result<i64, Refused> {
        let (mut value, mut before) = (0i64, 0u8);
        for place in 0..10 {
            let byte = self.byte()?;
            if place == 9 && byte != 0 && byte != 0x7f {
                return Err(Refused::BadNumber);
            }
            value |= i64::from(byte & 0x7f) << (7 * place);
            if byte & 0x80 == 0 {
                let repeats_sign = (byte == 0 && before & 0x40 == 0) || (byte == 0x7f && before & 0x40 != 0);
                if place > 0 && repeats_sign {
                    return Err(Refused::BadNumber);
                }
                if place < 9 && byte & 0x40 != 0 {
                    value |= -1i64 << (7 * (place + 1));
                }
                return Ok(value);
            }
            before = byte;
        }
        Err(Refused::BadNumber)
    }

    /// A text with its length before it.
    pub(in crate::sync) fn text(&mut self) -> Result<&'a str, Refused> {
        let length = self.count()?;
        std::str::from_utf8(self.take(length)?).map_err(|_| Refused::BadText)
    }

    /// Nothing may be left.
    pub(in crate::sync) fn end(&self) -> Result<(), Refused> {
        if self.is_empty() { Ok(()) } else { Err(Refused::ExtraBytes) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unsigned(bytes: &[u8]) -> Result<u64, Refused> {
        let mut reader = Reader::new(bytes);
        let value = reader.unsigned()?;
        reader.end().map(|()| value)
    }

    fn signed(bytes: &[u8]) -> Result<i64, Refused> {
        let mut reader = Reader::new(bytes);
        let value = reader.signed()?;
        reader.end().map(|()| value)
    }

    #[test]
    fn unsigned_numbers_have_one_form() {
        assert_eq!(unsigned(&[0]), Ok(0));
        assert_eq!(unsigned(&[0x7f]), Ok(127));
        assert_eq!(unsigned(&[0x80, 1]), Ok(128));
        assert_eq!(unsigned(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1]), Ok(u64::MAX));
        assert_eq!(unsigned(&[0x80, 0]), Err(Refused::BadNumber));
        assert_eq!(unsigned(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2]), Err(Refused::BadNumber));
        assert_eq!(unsigned(&[0x80; 11]), Err(Refused::BadNumber));
        assert_eq!(unsigned(&[0x80]), Err(Refused::CutShort));
    }

    #[test]
    fn signed_numbers_have_one_form() {
        for value in [0, 1, -1, 63, 64, -64, -65, 8191, -8192, i64::MAX, i64::MIN, i64::MIN + 1, 1 << 62, -(1 << 62)] {
            assert_eq!(signed(&written(value)), Ok(value), "{value}");
        }
        assert_eq!(signed(&[0xbf, 0]), Err(Refused::BadNumber));
        assert_eq!(signed(&[0x81, 0xff, 0x7f]), Err(Refused::BadNumber));
        assert_eq!(signed(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1]), Err(Refused::BadNumber));
        assert_eq!(signed(&[0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7e]), Err(Refused::BadNumber));
    }

    fn written(mut value: i64) -> Vec<u8> {
        let mut out = vec![];
        loop {
            let byte = (value & 0x7f) as u8;
            value >>= 7;
            if (value == 0 && byte & 0x40 == 0) || (value == -1 && byte & 0x40 != 0) {
                out.push(byte);
                return out;
            }
            out.push(byte | 0x80);
        }
    }
}
