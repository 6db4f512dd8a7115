// A client without any .proto file of the services: what it knows it asks the services (grpc.reflection.v1alpha).
//   node reflection.js REGISTRY PROGRESS
'use strict';

const assert = require('node:assert/strict');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');
const protobuf = require('protobufjs');
require('protobufjs/ext/descriptor');
const {LOADING, PROGRAM, call, errorInfo, identity, main, refusal} = require('./common');

// The one thing that must be known beforehand: how to ask.
const REFLECTION = `
  syntax = "proto3";
  package grpc.reflection.v1alpha;
  service ServerReflection {
    rpc ServerReflectionInfo(stream ServerReflectionRequest) returns (stream ServerReflectionResponse);
  }
  message ServerReflectionRequest {
    string host = 1;
    oneof message_request {
      string file_containing_symbol = 4;
      string list_services = 7;
    }
  }
  message ServerReflectionResponse {
    FileDescriptorResponse file_descriptor_response = 4;
    ListServiceResponse list_services_response = 6;
    ErrorResponse error_response = 7;
  }
  message FileDescriptorResponse { repeated bytes file_descriptor_proto = 1; }
  message ListServiceResponse { repeated ServiceResponse service = 1; }
  message ServiceResponse { string name = 1; }
  message ErrorResponse { int32 error_code = 1; string error_message = 2; }`;

const reflection = grpc.loadPackageDefinition(
    loader.fromJSON(protobuf.parse(REFLECTION, {keepCase: true}).root.toJSON(), LOADING)).grpc.reflection.v1alpha;

// Asks one question after the other on one stream.
function ask(address, questions) {
  return new Promise((resolve, reject) => {
    const client = new reflection.ServerReflection(address, grpc.credentials.createInsecure());
    const stream = client.ServerReflectionInfo({deadline: Date.now() + 10000});
    const answers = [];
    stream.on('data', (answer) => answers.push(answer));
    stream.on('error', reject);
    stream.on('end', () => {
      client.close();
      resolve(answers);
    });
    for (const question of questions) stream.write(question);
    stream.end();
  });
}

// The services at an address, and their clients.
async function discover(address) {
  const [listed] = await ask(address, [{list_services: ''}]);
  const names = listed.list_services_response.service.map((service) => service.name);
  // gRPC's own health service has no descriptor in C++; everything else must have one.
  const reflected = names.filter((name) => name !== 'grpc.health.v1.Health');
  const described = await ask(address, reflected.map((name) => ({file_containing_symbol: name})));
  const files = new Map();
  const {FileDescriptorProto, FileDescriptorSet} = protobuf.descriptor;
  for (const answer of described) {
    assert.equal(answer.error_response, null, JSON.stringify(answer.error_response));
    for (const bytes of answer.file_descriptor_response.file_descriptor_proto) {
      const file = FileDescriptorProto.decode(bytes);
      files.set(file.name, file);
    }
  }
  for (const file of files.values()) {
    for (const needed of file.dependency) assert.ok(files.has(needed), `${file.name} needs ${needed}, which was not given`);
  }
  const set = FileDescriptorSet.encode({file: [...files.values()]}).finish();
  const definition = loader.loadFileDescriptorSetFromBuffer(Buffer.from(set), LOADING);
  const clients = {};
  for (const name of reflected) {
    const Client = grpc.makeGenericClientConstructor(definition[name], name);
    clients[name] = new Client(address, grpc.credentials.createInsecure());
  }
  return {names, clients, root: protobuf.Root.fromDescriptor(FileDescriptorSet.decode(set)).resolveAll()};
}

async function run(registryAddress, progressAddress) {
  const registry = await discover(registryAddress);
  const progress = await discover(progressAddress);
  const always = ['grpc.health.v1.Health', 'grpc.reflection.v1alpha.ServerReflection',
                  'minsheng.common.v1.ClockService', 'minsheng.common.v1.EventLogService'];
  assert.deepEqual([...registry.names].sort(),
                   [...always, 'minsheng.common.v1.CredentialService', 'minsheng.registry.v1.RegistryService'].sort());
  assert.deepEqual([...progress.names].sort(), [...always, 'minsheng.progress.v1.ProgressService'].sort());

  const lists = registry.clients['minsheng.registry.v1.RegistryService'];
  const reports = progress.clients['minsheng.progress.v1.ProgressService'];
  const log = progress.clients['minsheng.common.v1.EventLogService'];
  const {tasks} = await call(lists, 'ListTasks', {parent: PROGRAM, page_size: 100});
  assert.equal(tasks.length, 29);
  const name = `${PROGRAM}/projects/district-04/tasks/2`;
  const {task} = await call(lists, 'GetTask', {name});
  assert.equal(task.targets[0].kind, 'TARGET_KIND_EVENT');

  const {report} = await call(reports, 'SubmitReport', {
    parent: name, period: '2024-06', request_id: 'reflected-1',
    report: {measures: [{target: 1, work_stage: 'WORK_STAGE_STARTED'}], started_on: '2024-05-08', progress_text: '已开工'},
  });
  assert.equal(report.name, `${name}/reports/2024-06@1`);
  const found = await call(reports, 'ListReports', {parent: name});
  assert.deepEqual(found.reports, [report]);

  const {events} = await call(log, 'ReadEvents', {max: 1000}, identity('auditor', '区审计局', '审计'));
  const event = events.find((one) => one.request_id === 'reflected-1');
  const payload = progress.root.lookupType(event.payload.type_url.split('/').at(-1)).decode(event.payload.value);
  assert.equal(payload.report.progress_text, '已开工');

  // A refusal's details need a type that no service mentions; ErrorInfo is small enough to be written down.
  const known = protobuf.parse(`syntax = "proto3"; package google.rpc;
    message Any { string type_url = 1; bytes value = 2; }
    message Status { int32 code = 1; string message = 2; repeated Any details = 3; }
    message ErrorInfo { string reason = 1; string domain = 2; map<string, string> metadata = 3; }`, {keepCase: true}).root;
  const refused = await refusal(call(reports, 'SubmitReport', {parent: name, period: '2025-06', report: {}}));
  const details = errorInfo(refused, known.lookupType('google.rpc.Status'), known.lookupType('google.rpc.ErrorInfo'));
  assert.equal(refused.code, grpc.status.OUT_OF_RANGE);
  assert.match(details.reason, /^PERIOD_/);

  console.log(`${registry.names.length} + ${progress.names.length} services discovered, ${tasks.length} tasks listed, ` +
              `report version ${report.version} submitted`);
  for (const client of [...Object.values(registry.clients), ...Object.values(progress.clients)]) client.close();
}

main(run);
