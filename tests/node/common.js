// What both clients share: identity, promises, error details.
'use strict';

const grpc = require('@grpc/grpc-js');

const LOADING = {keepCase: true, longs: String, enums: String, defaults: true, oneofs: true};
const PROGRAM = 'districts/500156/programs/2024';

// Posts and units travel percent-encoded, for metadata is ASCII.
function identity(role, unit, post) {
  const metadata = new grpc.Metadata();
  for (const [key, value] of Object.entries({role, unit, post})) {
    metadata.set(`x-minsheng-${key}`, encodeURIComponent(value));
  }
  return metadata;
}

// One unary call as a promise.
function call(client, method, request, metadata = identity('list_office', '区发展改革委', '联络员')) {
  return new Promise((resolve, reject) => {
    const deadline = Date.now() + 10000;
    client[method](request, metadata, {deadline}, (error, answer) => (error ? reject(error) : resolve(answer)));
  });
}

// The ErrorInfo of a failed call; `Status` and `ErrorInfo` are protobufjs types.
function errorInfo(error, Status, ErrorInfo) {
  const [bytes] = error.metadata.get('grpc-status-details-bin');
  const status = Status.decode(bytes);
  for (const detail of status.details) {
    if (detail.type_url.endsWith('/google.rpc.ErrorInfo')) return ErrorInfo.toObject(ErrorInfo.decode(detail.value));
  }
  return null;
}

async function refusal(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('a refusal was expected');
}

function main(run) {
  run(...process.argv.slice(2)).then(
      () => process.exit(0),
      (error) => {
        console.error(error);
        process.exit(1);
      });
}

module.exports = {LOADING, PROGRAM, call, errorInfo, identity, main, refusal};
