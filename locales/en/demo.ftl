# review: reviewed
# One field day, as `cargo demo` tells it to each of its people in their language.

demo-title = One field day
demo-opened = { $name } opens the app. Everything stays on this device, encrypted.
demo-goes-offline = { $name } has no connection now.
demo-came-to-session = { $name } came to the meeting.
demo-worked-offline =
    { $count ->
        [one] { $count } change without a connection
       *[other] { $count } changes without a connection
    }
demo-connection-returns = The connection is back.
demo-delivered-first = This came first: { $alert }
demo-both-times-kept =
    { $count ->
        [one] { $count } meeting time was kept.
       *[other] { $count } meeting times were kept.
    }
demo-private-stays = The private check-in is on { $name }’s device and nowhere else.
demo-nothing-left = A second exchange has nothing left to bring.
demo-card-closed = { $name } carries it, and can open none of it.
demo-taken-out = { $name } is no longer in the group.
demo-reads-no-further = { $name } keeps what was read before. What is written now cannot be opened there any more.
demo-searched = Searched for “{ $query }”: { $hits }
demo-kept-on-device = On { $name }’s device: { $kilobytes } KB, encrypted
demo-kept-on-relay = Sealed envelopes on the relay: { $envelopes } ({ $kilobytes } KB). It can open none of them.
demo-crossed = { $name } in the whole day: { $sent } KB sent, { $received } KB received
demo-end = All agree, and everyone has read it in their own language.
