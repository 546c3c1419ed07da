package org.rafiq

import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.ensureActive
import java.io.ByteArrayOutputStream
import java.io.IOException
import java.net.HttpURLConnection
import java.net.URL

/** Carries an exchange to its relay and brings the answer. */
fun interface Carrier {
    /** The answer's bytes; any exception ends the exchange and loses nothing. */
    suspend fun carry(exchange: Exchange): ByteArray
}

/**
 * Over HTTP, with what the JVM and Android both bring along: `POST {relay}/v1/exchange`, `application/cbor`. Throws
 * [RafiqException.Host]: `no-connection`, `relay-<status>`, `too-large`. Cancelling it ends the connection.
 */
class HttpCarrier(private val connectMs: Int = 15_000, private val readMs: Int = 30_000) : Carrier {
    override suspend fun carry(exchange: Exchange): ByteArray = coroutineScope {
        val connection = try {
            URL(exchange.relay.trimEnd('/') + "/v1/exchange").openConnection() as HttpURLConnection
        } catch (_: IOException) {
            throw RafiqException.Host("no-connection")
        }
        val answer = async(Dispatchers.IO) {
            try {
                post(connection, exchange.bytes)
            } catch (failed: RafiqException) {
                ensureActive() // a connection that was ended on purpose did not fail
                throw failed
            }
        }
        try {
            answer.await()
        } catch (cancelled: CancellationException) {
            connection.disconnect() // frees the thread that reads
            throw cancelled
        }
    }

    private fun post(connection: HttpURLConnection, body: ByteArray): ByteArray {
        try {
            connection.connectTimeout = connectMs
            connection.readTimeout = readMs
            connection.doOutput = true
            connection.instanceFollowRedirects = false // a relay has one address; a portal's page is no answer
            connection.setRequestProperty("content-type", "application/cbor")
            connection.setFixedLengthStreamingMode(body.size)
            connection.outputStream.use { it.write(body) }
            if (connection.responseCode != HttpURLConnection.HTTP_OK) {
                throw RafiqException.Host("relay-${connection.responseCode}")
            }
            return connection.inputStream.use { input ->
                val answer = ByteArrayOutputStream()
                val piece = ByteArray(64 shl 10)
                while (true) {
                    val count = input.read(piece)
                    if (count < 0) break
                    answer.write(piece, 0, count)
                    if (answer.size() > LARGEST) throw RafiqException.Host("too-large")
                }
                answer.toByteArray()
            }
        } catch (_: IOException) {
            throw RafiqException.Host("no-connection")
        } finally {
            connection.disconnect()
        }
    }

    private companion object {
        /** Bytes. A relay gives what the budget asks for, 1 MiB at most. */
        const val LARGEST = 2 shl 20
    }
}
