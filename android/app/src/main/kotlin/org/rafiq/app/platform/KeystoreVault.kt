package org.rafiq.app.platform

import android.os.Build
import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyProperties
import android.security.keystore.StrongBoxUnavailableException
import org.rafiq.HostException
import org.rafiq.HostFailed
import org.rafiq.KeyGone
import org.rafiq.KeyVault
import java.security.GeneralSecurityException
import java.security.KeyStore
import java.security.ProviderException
import javax.crypto.Cipher
import javax.crypto.KeyGenerator
import javax.crypto.SecretKey
import javax.crypto.spec.GCMParameterSpec

/**
 * The profile's secret under a key in Android's Keystore, in a chip of its own (StrongBox) where the phone has one. The key never leaves
 * the phone. It does not ask for an unlocked screen: an exchange in the background needs it, and the files themselves are out of reach
 * until the phone is unlocked for the first time after a start.
 *
 * A restored or new phone does not have the key: [KeyGone], and the app says so.
 */
class KeystoreVault(private val alias: String = "rafiq-profile") : KeyVault {
    /** Seals [secret] with AES-GCM, making the key if there is none: the nonce, then what was sealed. */
    override fun wrap(secret: ByteArray): ByteArray = attempt("seal") {
        val cipher = Cipher.getInstance(TRANSFORMATION)
        cipher.init(Cipher.ENCRYPT_MODE, key() ?: makeKey())
        cipher.iv + cipher.doFinal(secret)
    }

    /** Opens what [wrap] gave. */
    override fun unwrap(wrapped: ByteArray): ByteArray = attempt("unseal") {
        val key = key() ?: throw KeyGone()
        if (wrapped.size < NONCE_BYTES) throw HostFailed("unseal")
        val cipher = Cipher.getInstance(TRANSFORMATION)
        cipher.init(Cipher.DECRYPT_MODE, key, GCMParameterSpec(TAG_BITS, wrapped, 0, NONCE_BYTES))
        cipher.doFinal(wrapped, NONCE_BYTES, wrapped.size - NONCE_BYTES)
    }

    /** Forgets the key: what was sealed under it is unreadable from now on. */
    override fun delete() = attempt("forget") { store().deleteEntry(alias) }

    private fun store(): KeyStore = KeyStore.getInstance(STORE).apply { load(null) }

    private fun key(): SecretKey? = store().getKey(alias, null) as SecretKey?

    private fun makeKey(): SecretKey {
        if (Build.VERSION.SDK_INT < Build.VERSION_CODES.P) return makeKey(specification().build())
        return try {
            makeKey(specification().setIsStrongBoxBacked(true).build())
        } catch (_: StrongBoxUnavailableException) {
            makeKey(specification().build())
        }
    }

    private fun makeKey(specification: KeyGenParameterSpec): SecretKey =
        KeyGenerator.getInstance(KeyProperties.KEY_ALGORITHM_AES, STORE).apply { init(specification) }.generateKey()

    private fun specification() = KeyGenParameterSpec.Builder(alias, KeyProperties.PURPOSE_ENCRYPT or KeyProperties.PURPOSE_DECRYPT)
        .setKeySize(256).setBlockModes(KeyProperties.BLOCK_MODE_GCM).setEncryptionPaddings(KeyProperties.ENCRYPTION_PADDING_NONE)

    private fun <T> attempt(place: String, work: () -> T): T = try {
        work()
    } catch (known: HostException) {
        throw known
    } catch (_: GeneralSecurityException) {
        throw HostFailed(place)
    } catch (_: ProviderException) { // how a Keystore says that its own service does not answer
        throw HostFailed(place)
    }

    private companion object {
        const val STORE = "AndroidKeyStore"
        const val TRANSFORMATION = "AES/GCM/NoPadding"
        const val NONCE_BYTES = 12
        const val TAG_BITS = 128
    }
}
