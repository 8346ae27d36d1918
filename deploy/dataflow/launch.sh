#!/usr/bin/env bash
# Builds the images and the Flex Template, and launches extractions from it. Written from Google's documentation; it was
# never run against Google Cloud. Run it in the root of the checkout, with gcloud signed in.
#
#   PROJECT=… REGION=… BUCKET=… REPOSITORY=… deploy/dataflow/launch.sh build TAG
#   PROJECT=… REGION=… BUCKET=… REPOSITORY=… deploy/dataflow/launch.sh extract TAG 'INPUT …' OUTPUT [NAME=VALUE …]
#
# REPOSITORY is one of Artifact Registry's. NAME=VALUE are more of the template's parameters (limit, settings).
set -euo pipefail

usage() {
  sed -n '2,9s/^# \{0,1\}//p' "$0" >&2
  exit 2
}

[[ $# -ge 2 ]] || usage
: "${PROJECT:?the project that pays}" "${REGION:?such as us-central1}" "${BUCKET:?without gs://}" "${REPOSITORY:?}"
verb=$1 tag=$2
shift 2
images=$REGION-docker.pkg.dev/$PROJECT/$REPOSITORY
worker=$images/worker:$tag
launcher=$images/launcher:$tag
template=gs://$BUCKET/templates/firsthand-extract-$tag.json

build() {
  docker build -f deploy/worker/Dockerfile -t "$worker" .
  docker push "$worker"
  docker build -f deploy/dataflow/Dockerfile --build-arg WORKER="$worker" -t "$launcher" .
  docker push "$launcher"
  gcloud dataflow flex-template build "$template" --project "$PROJECT" \
    --image "$launcher" --sdk-language PYTHON --metadata-file deploy/dataflow/metadata.json
}

extract() {
  [[ $# -ge 2 ]] || usage
  local parameters=(--parameters "input=$1" --parameters "output=$2" --parameters "sdk_container_image=$worker") more
  shift 2
  for more in "$@"; do
    parameters+=(--parameters "$more")
  done
  gcloud dataflow flex-template run "firsthand-extract-$(date -u +%m%d-%H%M%S)" --project "$PROJECT" \
    --region "$REGION" --template-file-gcs-location "$template" \
    --staging-location "gs://$BUCKET/staging" --temp-location "gs://$BUCKET/temp" "${parameters[@]}"
}

case $verb in
  build | extract) "$verb" "$@" ;;
  *) usage ;;
esac
