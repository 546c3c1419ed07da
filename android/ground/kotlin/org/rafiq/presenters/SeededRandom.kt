package org.rafiq.presenters

import org.rafiq.HostRandom

/** SplitMix64 from FNV-1a of a text, as the scenario says. */
class SeededRandom(seed: String) : HostRandom {
    private var state = seed.encodeToByteArray().fold(0xcbf29ce484222325uL) { state, byte ->
        (state xor byte.toUByte().toULong()) * 0x100000001b3uL
    }

    private fun draw(): ULong {
        state += 0x9e3779b97f4a7c15uL
        var z = state
        z = (z xor (z shr 30)) * 0xbf58476d1ce4e5b9uL
        z = (z xor (z shr 27)) * 0x94d049bb133111ebuL
        return z xor (z shr 31)
    }

    @Synchronized override fun bytes(count: Int): ByteArray {
        val drawn = ByteArray(count)
        for (from in 0 until count step 8) {
            val draw = draw()
            for (at in from until minOf(from + 8, count)) drawn[at] = (draw shr 8 * (at - from)).toByte()
        }
        return drawn
    }
}
