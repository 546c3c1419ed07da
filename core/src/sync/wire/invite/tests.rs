#![allow(clippy::unwrap_used)] // tests may stop at the first surprise
use super::*;
use crate::sync::wire::keys::DeviceKeys;
use proptest::prelude::*;

fn draft(title: &str) -> InviteDraft<'_> {
    let keys = DeviceKeys::from_seed([1; 32], 1);
    InviteDraft {
        space: SpaceId([2; 32]),
        kind: SpaceKind::Group,
        title,
        secret: [6; 16],
        inviter: keys.device(),
        inbox: keys.inbox().address(),
        relay: "https://relay.example/",
        expires: 1_800_000_000,
    }
}

fn sample() -> Invite {
    Invite::to_join(draft("Мамина група"), Role::Writer).unwrap()
}

fn with_checksum(bytes: &[u8]) -> String {
    format!("RAFIQ1:{}", to_text(&[bytes, &checksum(bytes)].concat()).to_ascii_uppercase())
}

#[test]
fn returns_as_it_was() {
    let text = sample().to_text();
    assert!(text.len() < 450 && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b':'));
    assert_eq!(Invite::parse(&text).unwrap(), sample());
    assert_eq!(sample().preview().title, "Мамина група");
    assert_eq!(sample().read_key(), None);
    let directory = InviteDraft { kind: SpaceKind::Directory, ..draft("Довідник") };
    let read = Invite::to_read(directory, &EpochKey::new(3, [5; 32])).unwrap();
    let again = Invite::parse(&read.to_text()).unwrap();
    assert_eq!(again.read_key(), Some(EpochKey::new(3, [5; 32])));
    assert_eq!((again.role, again.purpose), (Role::Reader, Purpose::Read));
    // What messengers and people do to a text.
    let broken = format!("  {}\n{} \t", text[..40].to_lowercase(), &text[40..]);
    assert_eq!(Invite::parse(&broken).unwrap(), sample());
    assert!(!format!("{:?}", sample()).contains("6, 6"));
}

#[test]
fn bad_qr() {
    let text = sample().to_text();
    for (bad, error) in [
        ("", WireError::NotAnInvite),
        ("https://example.org/x", WireError::NotAnInvite),
        ("RAFIQ", WireError::NotAnInvite),
        ("RAFIQ:", WireError::NotAnInvite),
        ("RAFIQ0:AAAA", WireError::NotAnInvite),
        ("RAFIQ01:AAAA", WireError::NotAnInvite),
        ("WIFI:S:home;T:WPA;P:secret;;", WireError::NotAnInvite),
        ("RAFIQ2:AAAA", WireError::Newer { needs: 2 }),
        ("RAFIQ1:", WireError::BadChecksum),
        ("RAFIQ1:AAAAAAAAAA", WireError::BadChecksum),
        ("RAFIQ1:ÄÖ", WireError::BadChecksum),
        ("RAFIQ1:0189", WireError::BadChecksum),
    ] {
        assert_eq!(Invite::parse(bad), Err(error), "{bad}");
    }
    assert_eq!(Invite::parse(&"A".repeat(1 << 20)), Err(WireError::TooLarge));
    assert_eq!(Invite::parse(&format!("{text}{}", "A".repeat(4000))), Err(WireError::TooLarge));
    for length in 0..text.len() {
        assert!(Invite::parse(&text[..length]).is_err(), "cut at {length}");
    }
    for place in 0..text.len() {
        for other in [b'A', b'Q', b'7', b' ', b'!'] {
            let mut bad = text.clone().into_bytes();
            if bad[place] != other {
                bad[place] = other;
                assert!(Invite::parse(&String::from_utf8(bad).unwrap()).is_err(), "letter {place}");
            }
        }
    }
}

#[test]
fn a_good_checksum_is_not_enough() {
    let bytes = cbor::encode(&sample());
    assert_eq!(Invite::parse(&with_checksum(&bytes)).unwrap(), sample());
    assert_eq!(Invite::parse(&with_checksum(&[])), Err(WireError::Malformed));
    for length in 0..bytes.len() {
        assert_eq!(Invite::parse(&with_checksum(&bytes[..length])), Err(WireError::Malformed), "cut at {length}");
    }
    assert_eq!(Invite::parse(&with_checksum(&[&bytes[..], &[0]].concat())), Err(WireError::Malformed));
    let judge = |change: &dyn Fn(&mut Invite)| {
        let mut invite = sample();
        change(&mut invite);
        Invite::parse(&invite.to_text()).map(|_| ())
    };
    assert_eq!(judge(&|_| ()), Ok(()));
    assert_eq!(judge(&|i| i.needs = 2), Err(WireError::Newer { needs: 2 }));
    assert_eq!(judge(&|i| i.purpose = Purpose::Read), Err(WireError::Malformed)); // without a key
    assert_eq!(judge(&|i| i.kind = SpaceKind::Personal), Err(WireError::Malformed));
    let key = EpochKey::new(9, [9; 32]);
    for kind in [SpaceKind::Personal, SpaceKind::Circle, SpaceKind::Group, SpaceKind::Programme] {
        assert_eq!(Invite::to_read(InviteDraft { kind, ..draft("") }, &key).err(), Some(WireError::Malformed));
    }
    assert_eq!(judge(&|i| i.title = "a\nb".into()), Err(WireError::Malformed));
    assert_eq!(judge(&|i| i.title = "ä".repeat(81)), Err(WireError::TooLarge));
    assert_eq!(judge(&|i| i.relay = "ftp://example.org".into()), Err(WireError::Malformed));
    assert_eq!(judge(&|i| i.relay = "javascript:x".into()), Err(WireError::Malformed));
    assert_eq!(judge(&|i| i.relay = format!("https://{}", "r".repeat(200))), Err(WireError::TooLarge));
}

#[test]
fn expiry_is_judged_by_who_acts() {
    let invite = sample();
    assert_eq!(invite.check_expiry(1_799_999_999_999), Ok(()));
    assert_eq!(invite.check_expiry(1_800_000_000_000), Err(WireError::Expired));
    assert_eq!(invite.check_expiry(i64::MAX), Err(WireError::Expired));
    assert_eq!(invite.check_expiry(i64::MIN), Ok(()));
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in ".{0,200}") {
        prop_assert!(Invite::parse(&text).is_err());
        let prefixed = format!("RAFIQ1:{text}");
        prop_assert!(Invite::parse(&prefixed).is_err());
    }

    #[test]
    fn any_invite_returns(title in "[a-zа-я ]{0,40}", secret: [u8; 16], expires: i64) {
        let invite = Invite::to_join(InviteDraft { secret, expires, ..draft(&title) }, Role::Steward).unwrap();
        prop_assert_eq!(Invite::parse(&invite.to_text()).unwrap(), invite);
    }
}
