import Foundation
import Rafiq
import SwiftUI
import Testing
import UIKit

@testable import RafiqApp
@testable import RafiqPresenters

/// The app as the system leads it: seen, left, seen again.
@MainActor @Suite(.serialized, .timeLimit(.minutes(2))) struct ShellTests {
    /// An app that somebody has set up, with a passphrase, and looks at.
    private func opened(patience: Duration) async throws -> Shell {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        let host = RafiqPresenters.Host(folder: folder, vault: nil, deviceLanguage: { "en" }, zone: { "Europe/Berlin" })
        let shell = Shell(host: host, quickLock: QuickLock(patience: patience))
        shell.changed(to: .active)
        try await until { shell.app.state.content?.at == .setUp && !shell.isCovered }
        await shell.app.on(.setUpDone(name: "Amina", language: "en", passphrase: "a long passphrase")).value
        return shell
    }

    private func until(_ holds: () -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(30)
        while !holds() {
            try #require(ContinuousClock.now < end)
            try await Task.sleep(for: .milliseconds(3))
        }
    }

    @Test func whoLeavesAgainWhileASaveIsWaitedForIsCoveredAndLocked() async throws {
        let shell = try await opened(patience: .seconds(1))
        let work = try #require(shell.session).work
        work.begin()  // a save that takes its time
        shell.changed(to: .background)
        shell.changed(to: .active)
        shell.changed(to: .background)
        try await Task.sleep(for: .milliseconds(100))
        work.end()
        for _ in 0..<100 {
            try await Task.sleep(for: .milliseconds(10))
            #expect(shell.isCovered, "nobody looks")
        }
        shell.changed(to: .active)
        try await until { shell.app.state.content?.at == .locked && !shell.isCovered }  // away since they first left
    }

    @Test func eachLeavingHasItsOwnGraceUntilItsFilesAreClosed() async throws {
        let system = UIApplication.shared
        let shell = try await opened(patience: .seconds(60))
        try await until { system.graces.isEmpty }
        let session = try #require(shell.session)
        session.work.begin()  // a save that takes its time
        shell.changed(to: .background)
        let first = system.graces
        #expect(first.count == 1)
        shell.changed(to: .active)
        shell.changed(to: .background)
        #expect(system.graces.count == 2 && first.isSubset(of: system.graces), "the first is still closing the files")
        session.work.end()
        try await until { system.graces.isEmpty }
        #expect(session.wakefulness.state == .suspended, "and none was given back before")
    }
}
