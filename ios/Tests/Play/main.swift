// Plays a scenario as people do, through presenters: play-presenters SCENARIO FOLDER PLAYER, with the relay's address in
// RAFIQ_RELAY_URL. See tests/scenarios/field-day.json. What a step gives is read from what the screens show; where one fails, the screen
// must say the sentence of the error that the scenario names. Only `close` goes to the library: no screen ends the process.

import Foundation
@testable import Phones

@MainActor func play(_ scenario: Json, folder: URL, player: String, relay: String) async throws -> Int {
    let clock = HandClock(scenario["start_ms"].int)
    var actors: [String: Actor] = [:]
    for name in scenario["actors"].items.map(\.string) {
        let random = SeededRandom("\(scenario["seed"].string)/\(player)/\(name)")
        actors[name] = Actor(folder: folder.appendingPathComponent(name), clock: clock, random: random, relay: relay)
    }
    var saved: [String: Json] = [:]
    for (at, step) in scenario["steps"].items.enumerated() {
        let words = Json.object(
            step["with"].fields.mapValues { value in
                value.string.hasPrefix("$") ? saved[String(value.string.dropFirst())] ?? .null : value
            })
        let (who, what) = (step["actor"].string, step["do"].string)
        if what == "pass" {
            clock.now += words["ms"].int
            continue
        }
        guard let actor = actors[who] else { throw Unexpected("nobody is called \(who)") }
        let given: Json
        do { given = try await actor.act(what, words) } catch let said as Said {
            given = try actor.failed(said.sentence, expected: step["expect"])
        } catch {
            throw Unexpected("step \(at + 1), \(who) \(what): \(error)")
        }
        for (name, wanted) in step["expect"].fields.merging(["error": .null], uniquingKeysWith: { said, _ in said })
        where given[name] != wanted {
            throw Unexpected("step \(at + 1), \(who) \(what): \(name) is \(given[name]), not \(wanted)")
        }
        for (name, to) in step["save"].fields { saved[to.string] = given[name] }
    }
    return scenario["steps"].items.count
}

let words = CommandLine.arguments
guard words.count == 4, let relay = ProcessInfo.processInfo.environment["RAFIQ_RELAY_URL"] else {
    FileHandle.standardError.write(Data("play-presenters SCENARIO FOLDER PLAYER, and RAFIQ_RELAY_URL\n".utf8))
    exit(2)
}
do {
    let scenario = try JSONDecoder().decode(Json.self, from: Data(contentsOf: URL(fileURLWithPath: words[1])))
    print(try await play(scenario, folder: URL(fileURLWithPath: words[2]), player: words[3], relay: relay), "steps")
} catch {
    FileHandle.standardError.write(Data("\(error)\n".utf8))
    exit(1)
}
