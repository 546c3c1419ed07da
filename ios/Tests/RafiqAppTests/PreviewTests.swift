import RafiqPresenters
import Testing

@testable import RafiqApp

/// What previews show is there, made by the real library.
@MainActor @Suite(.serialized) struct PreviewTests {
    @Test func theAppBeforeAProfileIsOpen() async throws {
        #expect(try await place(of: .setUp) == .setUp)
        #expect(try await place(of: .locked) == .locked)
        guard case .damaged(let sentence, let needsPassphrase) = try await place(of: .damaged) else {
            Issue.record("the store was to be damaged")
            return
        }
        #expect(!sentence.isEmpty && needsPassphrase)
    }

    @Test func thePlacesOfAnOpenProfile() async throws {
        #expect(try await Stage.set(.place(.today), in: "en").place == .today)
        for scene in [PreviewApp.Scene.pairing, .group, .attendance, .invite, .service] {
            let stage = try await Stage.set(scene, in: "prs")
            #expect(stage.session?.words.direction == .rightToLeft)
            #expect(stage.place != nil, "\(scene)")
        }
    }

    private func place(of scene: PreviewApp.Scene) async throws -> Where? {
        guard case .content(let content) = try await Stage.set(scene, in: "uk").app.state else { return nil }
        return content.at
    }
}
