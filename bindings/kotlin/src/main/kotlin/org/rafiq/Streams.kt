package org.rafiq

import java.io.IOException
import java.io.InputStream
import java.io.OutputStream

/** A stream of the platform as the core reads it. */
internal class StreamSource(private val stream: InputStream) : ByteSource {
    override fun read(max: Int): ByteArray = told {
        val bytes = ByteArray(max)
        bytes.copyOf(stream.read(bytes).coerceAtLeast(0))
    }
}

/** A stream of the platform as the core writes to it. */
internal class StreamSink(private val stream: OutputStream) : ByteSink {
    override fun write(bytes: ByteArray) = told {
        stream.write(bytes)
        stream.flush() // a sheet at a time: whoever listens at the other end need not wait
    }
}

/** A card that was pulled out is no bug; what the system says about it stays here. */
private inline fun <T> told(work: () -> T): T =
    try {
        work()
    } catch (_: IOException) {
        throw HostFailed("stream")
    }
