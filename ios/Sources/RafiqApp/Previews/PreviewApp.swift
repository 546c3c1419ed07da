#if DEBUG
import Foundation
import Rafiq
import RafiqPresenters
import SwiftUI

/// The real app over a profile of its own in a temporary folder, at one place: what a preview shows is what the library says.
struct PreviewApp: View {
    /// What is shown.
    enum Scene {
        /// The first steps; the question for the passphrase; a damaged store.
        case setUp, locked, damaged
        /// A place of an open profile.
        case place(Place)
        /// A place that needs something to have been begun.
        case pairing, group, attendance, invite, service
    }

    let language: String
    let scene: Scene
    @State private var stage: Stage?

    init(_ scene: Scene, in language: String) {
        self.scene = scene
        self.language = language
    }

    var body: some View {
        Group {
            if let stage { shown(stage) } else { Color.paper }
        }
        .task { stage = try? await Stage.set(scene, in: language) }
    }

    @ViewBuilder private func shown(_ stage: Stage) -> some View {
        if let session = stage.session, let place = stage.place {
            PlaceView(session: session, place: place).environment(\.way, way(at: place)).speaking(session.words)
        } else {
            AppView(app: stage.app)
        }
    }

    private func way(at place: Place) -> Way {
        let back: @MainActor @Sendable () -> Void = {}
        return Way(open: { _ in }, back: Navigator.tabs.contains(place) ? nil : back)
    }
}

/// A profile with something in it.
@MainActor struct Stage {
    let app: AppPresenter
    let session: Session?
    let place: Place?

    static func set(_ scene: PreviewApp.Scene, in language: String) async throws -> Stage {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        let app = AppPresenter(host: Host(folder: folder, vault: nil, deviceLanguage: { language }, zone: { "Europe/Berlin" }))
        await app.on(.start).value
        let closed = Stage(app: app, session: nil, place: nil)
        switch scene {
        case .setUp: return closed
        case .locked:
            await app.on(.setUpDone(name: "Amina", language: language, passphrase: "1234")).value
            await app.on(.lock).value
            return closed
        case .damaged:
            await app.on(.setUpDone(name: "Amina", language: language, passphrase: "1234")).value
            await app.on(.lock).value
            try damage(folder)
            await app.on(.unlock(passphrase: "1234")).value
            return closed
        default:
            await app.on(.setUpDone(name: "Amina", language: language, passphrase: nil)).value
            guard case .content(let content) = app.state, case .open(let session) = content.at else { return closed }
            return Stage(app: app, session: session, place: try await place(scene, in: session))
        }
    }

    private static func place(_ scene: PreviewApp.Scene, in session: Session) async throws -> Place? {
        let rafiq = session.rafiq
        switch scene {
        case .setUp, .locked, .damaged: return nil
        case .place(let place): return place
        case .pairing: return .pairing(id: try await pairing(in: session))
        case .invite: return .invite(space: try await pairing(in: session).value)
        case .group: return .group(id: try await meeting(in: session).group)
        case .attendance: return .attendance(session: try await meeting(in: session).meeting)
        case .service:
            let directory = try await rafiq.directory.found(name: "Berlin", services: 100)
            _ = try await rafiq.directory.importPath(space: directory.space, path: samples.path)
            let hits = try await rafiq.directory.browse(space: directory.space, limit: 1).items
            return hits.first.map { .service(space: directory.space, id: $0.id) }
        }
    }

    private static func pairing(in session: Session) async throws -> PairingId {
        let model = try await session.rafiq.supportModels()[0]
        let new = NewPairing(model: model.id, myRole: model.roles[0].id, title: "Amina · Oksana")
        let pairing = try await session.rafiq.mentoring.begin(new)
        _ = try await session.rafiq.mentoring.addGoal(pairing: pairing.id, text: "B1")
        return pairing.id
    }

    private static func meeting(in session: Session) async throws -> (group: SupportGroupId, meeting: SessionId) {
        let rafiq = session.rafiq
        let group = try await rafiq.groups.found(NewGroup(name: "Amina", language: "en", capacity: 12, place: "Berlin"))
        for name in ["Oksana", "Farid", "Layla"] {
            _ = try await rafiq.people.addPerson(space: group.id.value, NewPerson(name: name, language: "en"))
        }
        let new = NewSession(startsAtMs: session.clock.nowMs(), zone: session.zone, place: "Berlin", modality: .inPerson)
        return (group.id, try await rafiq.groups.scheduleSession(group: group.id, new).id)
    }

    /// Writes over the beginning of what is kept in the folder.
    private static func damage(_ folder: URL) throws {
        for file in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: [.fileSizeKey]) {
            guard try file.resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0 > 4096 else { continue }  // keys stay
            let handle = try FileHandle(forWritingTo: file)
            try handle.write(contentsOf: Data(repeating: 0x55, count: 4096))
            try handle.close()
        }
    }

    /// The sample directory that the tests read as well; a simulator sees the Mac's files.
    private static var samples: URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../../../tests/samples/directory/services.json").standardizedFileURL
    }
}
#endif
