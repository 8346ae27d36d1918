"""A Google Cloud on loopback: a bucket in the storage emulator, the fake Dataflow, a service account, and workers."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth.credentials import AnonymousCredentials
from google.cloud import storage

from tests.dataflow.service import FakeDataflow, Job, Verdict

BUCKET = "our-bucket"
ROOT = Path(__file__).parent.parent.parent
ACCOUNT = "submitter@our-project.iam.gserviceaccount.com"


@dataclass(frozen=True, slots=True)
class Cloud:
    """What a test sees of it: the service, the bucket, a checkout to submit from, and the secret of its account."""

    service: FakeDataflow
    emulator: str
    checkout: Path
    credentials: Path

    def flags(self, job: str) -> list[str]:
        """Beam's flags for a job on this Dataflow."""
        return [
            "--runner=DataflowRunner",
            "--project=our-project",
            "--region=us-central1",
            f"--temp_location=gs://{BUCKET}/temp",
            f"--job_name={job}",
            f"--dataflow_endpoint={self.service.address}",
        ]

    def environment(self) -> dict[str, str]:
        """The environment of a submitter with credentials at hand, to whom everything beyond loopback is shut."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "LANG") if name in os.environ}
        return kept | {
            "GOOGLE_APPLICATION_CREDENTIALS": str(self.credentials),
            "STORAGE_EMULATOR_HOST": self.emulator,
            "HTTPS_PROXY": self.service.address,
            "HTTP_PROXY": self.service.address,
            "NO_PROXY": "localhost,127.0.0.1",
            "NO_GCE_CHECK": "true",  # never ask the metadata server of a machine of Google's
            "OMP_NUM_THREADS": "1",
        }

    def firsthand(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the command in the checkout."""
        with self.start(*arguments) as process:
            out, err = process.communicate(timeout=300)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """The command in the checkout, running."""
        return subprocess.Popen(
            [sys.executable, "-m", "pipeline", *arguments],
            cwd=self.checkout,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def objects(self, prefix: str = "") -> dict[str, bytes]:
        """What lies in the bucket, by name."""
        return {blob.name: blob.download_as_bytes() for blob in self._client().list_blobs(BUCKET, prefix=prefix)}

    def upload(self, name: str, data: bytes) -> None:
        """Put an object into the bucket."""
        self._client().bucket(BUCKET).blob(name).upload_from_string(data)

    def _client(self) -> storage.Client:
        return storage.Client(
            project="our-project", credentials=AnonymousCredentials(), client_options={"api_endpoint": self.emulator}
        )

    def work(self, job: Job, folder: Path) -> Verdict:
        """Do a job as Dataflow would, with what was staged for it and nothing else."""
        staged = self.objects(staging_of(job))
        names = {name.rsplit("/", 1)[1]: data for name, data in staged.items()}
        (folder / "pipeline.pb").write_bytes(names["pipeline.pb"])
        with tarfile.open(fileobj=io.BytesIO(names["workflow.tar.gz"])) as package:
            package.extractall(folder, filter="data")
        [unpacked] = folder.glob("firsthand-*")
        done = subprocess.run(
            [sys.executable, str(Path(__file__).with_name("worker.py")), str(folder / "pipeline.pb")],
            cwd=unpacked,
            env=self.environment() | {"PYTHONPATH": str(unpacked)},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        return Verdict() if done.returncode == 0 else Verdict(("JOB_STATE_FAILED",), (done.stderr,))


def staging_of(job: Job) -> str:
    """The folder in the bucket where the files of a job are staged."""
    options = job["environment"]["sdkPipelineOptions"]["options"]  # type: ignore[index]
    return str(options["staging_location"]).removeprefix(f"gs://{BUCKET}/")


def write_credentials(path: Path, *, token_uri: str) -> None:
    """A service account's key file, whose tokens come from `token_uri`."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    values = {
        "type": "service_account",
        "project_id": "our-project",
        "private_key_id": "0123456789abcdef",
        "private_key": key.decode(),
        "client_email": ACCOUNT,
        "client_id": "100000000000000000000",
        "token_uri": token_uri,
    }
    path.write_text(json.dumps(values), encoding="ascii")


def secrets_of(key_file: Path) -> list[str]:
    """The secrets of a key file: its key's name, and each line of the key."""
    values = json.loads(key_file.read_text(encoding="ascii"))
    return [values["private_key_id"], *values["private_key"].splitlines()[1:-1]]
