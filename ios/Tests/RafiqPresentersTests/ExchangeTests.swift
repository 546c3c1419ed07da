import Foundation
import Rafiq
import Testing

@testable import Phones
@testable import RafiqPresenters

/// Inviting, joining and exchanging, over a real relay.
extension Presenters {
    @MainActor @Suite struct ExchangeTests {
        let folder: Folder

        init() throws { folder = try Folder() }

        @Test func anInvitationIsMadeReadAnsweredAndLetIn() async throws {
            let relay = try Relay(folder.url)
            let clock = HandClock()
            let (olena, amina) = (Phone(folder["olena"], clock: clock), Phone(folder["amina"], clock: clock))
            try await olena.setUp("Олена", "uk")
            try await amina.setUp("آمنه", "prs")
            try await SyncPresenter(session: olena.session).does(.setRelay(url: relay.url))
            let pairing = try await olena.beginPairing("buddy", "buddy", "Двоє")
            let invite = try InvitePresenter(session: olena.session, space: pairing.value)
            let before = try await invite.content()
            #expect(
                before.text == nil && before.ends == nil && !before.reaches.contains(where: \.chosen) && before.requests.isEmpty)
            let made = try await invite.does(.make(reach: .inPerson))
            #expect(try made.reaches.chosen() == .inPerson && made.ends?.hasPrefix("Дійсне до: ") == true)
            #expect(made.about == "Воно для однієї людини, на один раз.")

            let join = try JoinPresenter(session: amina.session)
            #expect(try await join.content().canAccept == false)
            let nonsense = try await join.does(.read(text: "این دعوت نیست"))
            #expect(nonsense.notice == "این دعوت خوانده نشد. لطفاً دوباره اسکن کنید یا دعوت نو بخواهید." && nonsense.offer == nil)
            let read = try await join.does(.read(text: " \(made.text ?? "")\n"))
            #expect(read.offer?.plain == "این شما را به یک همراهی دعوت می‌کند: Двоє")
            #expect(read.relay?.contains("\u{2066}\(relay.url)\u{2069}") == true && read.canAccept && read.notice == nil, "\(read)")
            #expect(try await join.does(.cancel).offer == nil)
            #expect(try await join.does(.accept).done == nil, "nothing was read")
            clock.now += hourMs
            let late = try await join.does(.read(text: made.text ?? ""))
            #expect(late.notice == "وقت این گذشته است. لطفاً یک نو بخواهید." && !late.canAccept)
            #expect(try await invite.does(.refresh).text == nil, "an invitation that has ended is not shown")
            #expect(try await join.does(.dismiss).notice == nil)

            let text = try #require(try await invite.does(.make(reach: .remote)).text)
            try await join.does(.read(text: text))
            let sent = try await join.does(.accept)
            #expect(sent.done?.hasPrefix("جواب شما با تبادلهٔ بعدی می‌رود.") == true && !sent.canAccept, "\(sent)")
            for phone in [olena, amina, olena] { try await phone.exchange() }  // first the relay learns where answers go
            let today = try await TodayPresenter(session: olena.session).content { $0.openRequests == 1 }
            let waits = try today.requests.only()
            #expect(waits.title.plain == "Двоє" && waits.text.plain == "1 людина просить її впустити")
            #expect(waits.leadsTo == .invite(space: pairing.value))
            let request = try await invite.content { !$0.requests.isEmpty }.requests.only()
            #expect(request.text.plain == "آمنه просить впустити.")
            let waiting = try await TogetherPresenter(session: olena.session).content { !$0.requests.isEmpty }.requests.only()
            #expect(waiting.text.plain == "آمنه просить впустити: Двоє" && waiting.leadsTo == .invite(space: pairing.value))
            let admitted = try await invite.does(.admit(request: request.request))
            #expect(admitted.requests.isEmpty && admitted.notice?.plain.hasPrefix("آمنه: доступ надано.") == true, "\(admitted)")
            let answered = try await invite.does(.decline(request: request.request))
            #expect(answered.notice != nil && answered.notice != admitted.notice, "it was answered already")
            #expect(try await invite.does(.dismiss).notice == nil)
            for phone in [olena, amina] { try await phone.exchange() }
            let arrived = try await TogetherPresenter(session: amina.session).content { !$0.pairings.isEmpty }.pairings.only()
            #expect(arrived.line == "شما کدام نقش را می‌گیرید؟" && arrived.tone == .ordinary)
            try await join.does(.read(text: text))
            #expect(try await join.does(.accept).done == "شما از پیش اینجا هستید.")
            #expect(try await InvitePresenter(session: amina.session, space: "nowhere").known().failed != nil)
            await olena.close()
            await amina.close()
        }

        @Test func somebodyIsNotLetInAndADirectoryIsReadByWhoeverSeesItsInvitation() async throws {
            let relay = try Relay(folder.url)
            let (olena, amina) = (Phone(folder["olena"]), Phone(folder["amina"]))
            try await olena.setUp("Olena", "en")
            try await amina.setUp("Amina", "en")
            try await SyncPresenter(session: olena.session).does(.setRelay(url: relay.url))
            let invite = try InvitePresenter(session: olena.session, space: await olena.foundGroup().value)
            let join = try JoinPresenter(session: amina.session)
            let read = try await join.does(.read(text: invite.does(.make(reach: .remote)).text ?? ""))
            #expect(read.offer?.plain == "This invites you to a group: Neighbours")
            try await join.does(.accept)
            for phone in [olena, amina, olena] { try await phone.exchange() }
            let request = try await invite.content { !$0.requests.isEmpty }.requests.only().request
            let declined = try await invite.does(.decline(request: request))
            #expect(declined.notice?.plain == "Amina is not let in." && declined.requests.isEmpty)

            let directory = try olena.session.rafiq.directory
            let space = try await directory.found(name: "Port Alder", services: 30).space
            _ = try await directory.importPath(space: space, path: sampleDirectory.path)
            let reading = try InvitePresenter(session: olena.session, space: space)
            #expect(try await reading.content().about == "Anyone who sees it can read this directory.")
            let offered = try await join.does(.read(text: reading.does(.make(reach: .remote)).text ?? ""))
            #expect(offered.offer?.plain == "This lets you read a directory: Port Alder")
            #expect(try await join.does(.accept).done == "The directory comes with the next exchange.")
            for phone in [olena, amina] { try await phone.exchange() }
            let found = try await SearchPresenter(session: amina.session).content { !$0.hits.isEmpty }
            #expect(try found.directories.only().name.plain == "Port Alder")
            guard case .service(let at, let id) = found.hits[0].leadsTo else { throw Unexpected("\(found.hits[0])") }
            try await ServicePresenter(session: amina.session, space: at, id: id).does(.report(kind: .closed, note: "For weeks"))
            for phone in [amina, olena] { try await phone.exchange() }
            let report = try await olena.session.rafiq.directory.reports().only()
            #expect(report.kind == .closed && report.note == "For weeks")
            await olena.close()
            await amina.close()
        }

        @Test func howAnExchangeStandsWithAndWithoutARelayAndALine() async throws {
            let relay = try Relay(folder.url)
            let line = Line()
            let phone = Phone(folder["profile"], carrier: line)
            try await phone.setUp("آمنه", "prs")
            let sync = try SyncPresenter(session: phone.session)
            let first = try await sync.content()
            #expect(first.last == "هنوز هیچ تبادله‌ای نشده است." && first.bytes == nil && !first.running)
            #expect(first.noRelay == "هنوز سرور واسطه تعیین نشده است. دعوت آن را با خود می‌آورد.")
            #expect(try await sync.does(.exchangeNow).notice == first.noRelay)
            let refused = try await sync.does(.setRelay(url: "ftp://x"))
            #expect(
                refused.notice?.plain == "این نشانی سرور واسطه را نمی‌توان استفاده کرد. باید با http:// یا https:// آغاز شود.")
            #expect(try await sync.does(.setRelay(url: " \(relay.url) ")).relay == relay.url)
            _ = try await phone.beginPairing("buddy", "buddy", "دو نفر")
            let waiting = try await sync.content { $0.noRelay == nil && $0.waiting.hasPrefix("\u{2068}") }.waiting
            #expect(waiting.plain.hasSuffix("تغییر منتظر ارتباط است."))

            try await relay.close()
            let offline = try await sync.does(.exchangeNow)
            #expect(offline.notice == "ارتباط نیست. می‌توانید به کار خود ادامه بدهید؛ همه چیز در این دستگاه ذخیره می‌شود.")
            #expect(!offline.running && offline.relay == relay.url, "what is shown stays")
            try await relay.restart()
            let interrupted = "ارتباط قطع شد. آنچه رسیده، نگه داشته شد و باقی آن بار دیگر می‌رسد."
            await line.set { _ in Data("a portal's page".utf8) }
            #expect(try await sync.does(.exchangeNow).notice == interrupted)
            await line.set { _ in throw Unexpected("a carrier's own mistake") }
            #expect(try await sync.does(.exchangeNow).notice == interrupted)
            await line.set { _ in throw RafiqError.Host(reason: "relay-503") }
            #expect(try await sync.does(.exchangeNow).notice?.hasPrefix("سرور واسطه اکنون جواب داده نمی‌تواند.") == true)

            let (asked, answer) = (Gate(), Gate())
            await line.set { exchange in
                await asked.open()
                await answer.pass()
                return try await HTTPCarrier().carry(exchange)
            }
            let running = sync.on(.exchangeNow)
            await asked.pass()
            let far = try await sync.content(where: \.running)
            #expect(try far.notice == nil && far.progress.only().plain.hasPrefix("دو نفر: "))
            await sync.on(.exchangeNow).value
            #expect(try await sync.does(.refresh).running, "other events have their turn meanwhile, and one exchange is enough")
            await answer.open()
            await running.value
            let done = try await sync.content()
            #expect(done.notice == "همه چیز تازه است." && done.waiting == "همه چیز تازه است." && !done.running)
            #expect(done.progress.isEmpty)
            #expect(done.last.hasPrefix("آخرین تبادله: ") && done.bytes?.contains("کیلوبایت") == true, "\(done)")
            #expect(try await sync.does(.dismiss).notice == nil)
            await phone.close()
        }

        @Test func whosePhoneIsWaitedForAndWhatStandsAsideMeanwhile() async throws {
            let relay = try Relay(folder.url)
            let clock = HandClock()
            var phones: [Phone] = []
            for (name, language) in [("Maria", "en"), ("آمنه", "prs"), ("Олена", "uk")] {
                let phone = Phone(folder[language], clock: clock)
                try await phone.setUp(name, language)
                phones.append(phone)
            }
            let (maria, amina, olena) = (phones[0], phones[1], phones[2])
            try await SyncPresenter(session: maria.session).does(.setRelay(url: relay.url))
            let group = try await maria.foundGroup()
            try await invite(from: maria, amina, into: group.value)
            try await invite(from: maria, olena, into: group.value)
            for phone in phones + phones { try await phone.exchange() }
            let aminas = try GroupPresenter(session: amina.session, id: group)
            let planned = try await aminas.does(.schedule(startsAtMs: startMs + hourMs, place: "", modality: .remote))
            let session = try planned.sessions.only().session
            for phone in [amina, maria] { try await phone.exchange() }
            try await relay.forget()  // what Amina sent is gone from the line
            let marias = try GroupPresenter(session: maria.session, id: group)
            _ = try await marias.content { !$0.sessions.isEmpty }
            // This can be taken in without what Amina sent, and tells of it; what comes after it can not.
            try await marias.does(.addPerson(name: "Ахмад", language: "prs"))
            try await maria.exchange()
            try await marias.does(.move(session: session, startsAtMs: startMs + 2 * hourMs))
            for phone in [maria, olena, maria, olena] { try await phone.exchange() }
            let shown = try await SyncPresenter(session: olena.session).content()
            #expect(shown.waitingFor.map(\.plain) == ["Чекаємо на телефон: آمنه"])
            let held = try shown.held.only()
            #expect(held.text == "Чекає на те, що ще не надійшло." && !held.reason.isEmpty && !held.at.isEmpty)
            try await relay.forget()  // so that all of it comes again
            try await maria.exchange()
            #expect(try await olena.exchange() == "Нічого нового.", "what is known, or waits, is no change")
            for phone in phones { await phone.close() }
        }

        @Test func aStewardKeepsWhatSomebodyWroteWhoDidNotKnowYetThatTheyWereTakenOut() async throws {
            let relay = try Relay(folder.url)
            let clock = HandClock()
            var phones: [Phone] = []
            for (name, language) in [("Maria", "en"), ("آمنه", "prs"), ("Олена", "uk")] {
                let phone = Phone(folder[language], clock: clock)
                try await phone.setUp(name, language)
                phones.append(phone)
            }
            let (maria, amina, olena) = (phones[0], phones[1], phones[2])
            try await SyncPresenter(session: maria.session).does(.setRelay(url: relay.url))
            let group = try await maria.foundGroup()
            for phone in [amina, olena] { try await invite(from: maria, phone, into: group.value) }
            for phone in phones + phones { try await phone.exchange() }
            try await GroupPresenter(session: amina.session, id: group)
                .does(.schedule(startsAtMs: startMs + hourMs, place: "", modality: .remote))
            try await amina.exchange()
            let taken = try amina.session.me
            try await maria.session.rafiq.sharing.remove(space: group.value, person: taken)
            for phone in [maria, olena, maria, olena] { try await phone.exchange() }
            let (marias, olenas) = (try SyncPresenter(session: maria.session), try SyncPresenter(session: olena.session))
            let shown = try await marias.content()
            let work = try shown.work.only()
            #expect(work.text.plain == "1 contribution by آمنه is kept aside" && work.title.plain == "Neighbours")
            #expect(work.canKeep && work.about.hasPrefix("It came after they had been taken out") && !work.at.isEmpty)
            #expect(shown.held.isEmpty, "said once is enough")
            let seen = try await olenas.content().work.only()
            #expect(seen.text.plain == "Відкладено 1 внесок: آمنه" && !seen.canKeep)
            let refused = try await olenas.does(.keep(space: group.value, person: seen.person))
            #expect(refused.notice != nil && refused.work.count == 1, "only a steward")

            // Behind many older items it is not among those that are listed; one space that cannot be read hides no other.
            let other = try await maria.beginPairing("buddy", "buddy", "Two")
            let whose = marias.heldWork
            marias.heldItems = {
                ["fork", "chain"].map { HeldItem(id: $0, reason: $0, standing: .refused, step: 2, arrivedMs: startMs) }
            }
            marias.heldWork = { space in
                if space.id == other.value { throw RafiqError.Corrupt }
                return try await whose(space)
            }
            let broken = try await marias.does(.refresh)
            let unread = "What stands aside in “Two” cannot be read now. Everything else is shown."
            #expect(broken.unread.map(\.plain) == [unread] && broken.work == [work])
            #expect(broken.held[0].text.hasPrefix("A phone was put back to an earlier copy"))
            #expect(broken.held[1].text.hasPrefix("Was refused"))
            marias.heldWork = { _ in throw RafiqError.StorageFull }
            let full = try await marias.does(.refresh)
            #expect(full.notice != nil && full.work == [work], "what is wrong with the whole is said as ever")
            marias.heldWork = whose
            #expect(try await marias.does(.refresh).unread.isEmpty)

            let meetings = try GroupPresenter(session: maria.session, id: group)
            #expect(try await meetings.content().sessions.isEmpty)
            let kept = try await marias.does(.keep(space: group.value, person: work.person))
            #expect(kept.notice == "Taken in. The others get it with the next exchange." && kept.work.isEmpty)
            _ = try await meetings.content { $0.sessions.count == 1 }
            for phone in [maria, olena, maria, olena] { try await phone.exchange() }
            _ = try await olenas.content { $0.work.isEmpty && $0.held.isEmpty }
            _ = try await GroupPresenter(session: olena.session, id: group).content { $0.sessions.count == 1 }
            let again = try await marias.does(.keep(space: group.value, person: work.person))
            #expect(again.notice != kept.notice, "nothing is aside any more")
            for phone in phones { await phone.close() }
        }

        @Test func whatIsLargeWaitsForALineThatDoesNotCostUntilSomebodySaysOtherwise() async throws {
            let relay = try Relay(folder.url)
            let (olena, amina) = (Phone(folder["olena"], metered: { true }), Phone(folder["amina"]))
            try await olena.setUp("Olena", "en")
            try await amina.setUp("Amina", "en")
            let sync = try SyncPresenter(session: olena.session)
            try await sync.does(.setRelay(url: relay.url))
            let pairing = try await olena.beginPairing("buddy", "buddy", "Two")
            try await invite(from: olena, amina, into: pairing.value)
            let small = try await sync.does(.refresh)
            #expect(small.unmetered == nil && small.metered.isEmpty, "nothing is large: nobody is asked")
            for _ in 0..<40 {
                let note = String((0..<1_900).map { _ in "abcdefghijklmnopqrstuvwxyz".randomElement() ?? "a" })
                let new = NewCheckIn(feeling: .good, contact: .no, share: .pairing(pairing: pairing.value), note: note)
                _ = try await olena.session.rafiq.checkIns.record(new)
            }
            await sync.on(.exchangeNow).value
            let waits = try await sync.content { $0.unmetered != nil }
            #expect(waits.unmetered?.hasSuffix(" KB wait for a line that does not cost by the amount, such as Wi-Fi.") == true)
            #expect(waits.metered.map(\.value) == [.wait, .use] && !waits.metered.contains(where: \.chosen))
            let said = try await sync.does(.setMetered(choice: .use))
            #expect(try said.metered.only(\.chosen).text == "Yes, everything may go" && said.notice == "Saved.")
            await sync.on(.exchangeNow).value
            #expect(try await !sync.content { $0.unmetered == nil }.metered.isEmpty, "whoever has said so may say otherwise")
            try await amina.exchange()
            let checkIns = try CheckInsPresenter(session: amina.session)
            _ = try await checkIns.content { $0.checkIns.count == 20 && $0.checkIns.allSatisfy { $0.note.count == 1_900 } }
            for phone in [olena, amina] { await phone.close() }
        }
    }
}

/// A line that does what it is told to; at first it carries.
private actor Line: Carrier {
    private var way: @Sendable (Exchange) async throws -> Data = { try await HTTPCarrier().carry($0) }

    func set(_ way: @escaping @Sendable (Exchange) async throws -> Data) { self.way = way }

    func carry(_ exchange: Exchange) async throws -> Data { try await way(exchange) }
}

/// Is waited at until it is open.
private actor Gate {
    private var isOpen = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func open() {
        isOpen = true
        waiting.forEach { $0.resume() }
        waiting = []
    }

    func pass() async { if !isOpen { await withCheckedContinuation { waiting.append($0) } } }
}
