// The library as an AAR: wrapper, generated calls, librafiq for each processor (both in target/, by tests/tools/build-bindings.sh and
// android/tools/jnilibs.sh), and what R8 must leave.
plugins { alias(libs.plugins.android.library) }

val built = rootDir.resolve("../target")

android {
    namespace = "org.rafiq"
    compileSdk = libs.versions.targetSdk.get().toInt()
    defaultConfig {
        minSdk = libs.versions.minSdk.get().toInt()
        consumerProguardFiles("../../bindings/kotlin/src/main/resources/META-INF/proguard/rafiq.pro")
    }
    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_17
        targetCompatibility = JavaVersion.VERSION_17
    }
    sourceSets.named("main") {
        kotlin.directories += listOf("../../bindings/kotlin/src/main/kotlin", built.resolve("bindings/kotlin").path)
        jniLibs.directories += built.resolve("jniLibs").path
    }
}

dependencies {
    api(libs.coroutines)
    implementation(variantOf(libs.jna) { artifactType("aar") })
}
