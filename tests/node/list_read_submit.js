// A client made from the .proto files: lists and reads tasks, submits a report, reads the events, understands refusals.
//   node list_read_submit.js REGISTRY PROGRESS PROTO_FOLDER
'use strict';

const assert = require('node:assert/strict');
const path = require('node:path');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');
const protobuf = require('protobufjs');
const {LOADING, PROGRAM, call, errorInfo, identity, main, refusal} = require('./common');

const FILES = ['minsheng/registry/v1/registry.proto', 'minsheng/progress/v1/progress.proto',
               'minsheng/common/v1/event_log.proto'];

// The same files as types, for what travels inside an Any.
function types(folder) {
  const root = new protobuf.Root();
  root.resolvePath = (origin, target) =>
      protobuf.common.get(target) ? target : path.isAbsolute(target) ? target : path.join(folder, target);
  return root.loadSync([...FILES, 'google/rpc/status.proto', 'google/rpc/error_details.proto'], {keepCase: true});
}

async function run(registryAddress, progressAddress, folder) {
  const {minsheng} = grpc.loadPackageDefinition(loader.loadSync(FILES, {...LOADING, includeDirs: [folder]}));
  const insecure = grpc.credentials.createInsecure();
  const registry = new minsheng.registry.v1.RegistryService(registryAddress, insecure);
  const progress = new minsheng.progress.v1.ProgressService(progressAddress, insecure);
  const events = new minsheng.common.v1.EventLogService(progressAddress, insecure);
  const root = types(folder);

  // List, in pages.
  const tasks = [];
  let pageToken = '';
  do {
    const page = await call(registry, 'ListTasks', {parent: PROGRAM, page_size: 10, page_token: pageToken});
    tasks.push(...page.tasks);
    pageToken = page.next_page_token;
    assert.equal(page.total_size, 29);
  } while (pageToken);
  assert.equal(tasks.length, 29);
  assert.equal(new Set(tasks.map((task) => task.name)).size, 29);

  // Read one.
  const name = `${PROGRAM}/projects/district-02/tasks/1`;
  const {task} = await call(registry, 'GetTask', {name});
  assert.deepEqual(task, tasks.find((other) => other.name === name));
  assert.equal(task.targets[0].kind, 'TARGET_KIND_COUNT');
  assert.equal(task.targets[0].value, '15');
  assert.equal(task.lead_units[0], '区发展改革委');
  assert.match(task.planned_investment.fen, /^[1-9]\d+$/);

  // Submit, and again: the same answer.
  const request = {
    parent: name, period: '2024-06', request_id: 'node-1',
    report: {measures: [{target: 1, value: '9'}], progress_text: '完成 9 个村', completed_investment: {currency: 'CNY', fen: '123456789012'}},
  };
  const {report} = await call(progress, 'SubmitReport', request);
  assert.equal(report.version, 1);
  assert.equal(report.progress_text, '完成 9 个村');
  assert.equal(report.completed_investment.fen, '123456789012');
  assert.deepEqual((await call(progress, 'SubmitReport', request)).report, report);
  assert.deepEqual((await call(progress, 'GetReport', {name: `${name}/reports/2024-06`})).report, report);
  const {assessment} = await call(progress, 'GetAssessment', {name});
  assert.match(assessment.light, /^LIGHT_(?!UNSPECIFIED)/);

  // The events, and what is inside.
  const read = await call(events, 'ReadEvents', {max: 1000}, identity('auditor', '区审计局', '审计'));
  assert.equal(read.head_position, read.events.at(-1).position);
  const event = read.events.find((one) => one.request_id === 'node-1');
  assert.equal(event.actor.unit, '区发展改革委');
  assert.equal(event.subject, name);
  const payload = root.lookupType(event.payload.type_url.split('/').at(-1));
  assert.equal(payload.fullName, '.minsheng.progress.v1.ReportSubmitted');
  const stored = payload.decode(event.payload.value).report;
  assert.equal(stored.progress_text, '完成 9 个村');
  assert.equal(stored.measures[0].value, '9');
  assert.equal(read.events.filter((one) => one.request_id === 'node-1').length, 1);

  // Refusals: code, reason and what they name.
  const status = root.lookupType('google.rpc.Status');
  const info = root.lookupType('google.rpc.ErrorInfo');
  const lower = {...request, request_id: 'node-2', report: {measures: [{target: 1, value: '8'}]}};
  let refused = await refusal(call(progress, 'SubmitReport', lower));
  assert.equal(refused.code, grpc.status.FAILED_PRECONDITION);
  let details = errorInfo(refused, status, info);
  assert.equal(details.reason, 'BELOW_LAST');
  assert.equal(details.domain, 'progress.minsheng');
  assert.match(details.metadata.field, /^measures\[0\]/);
  assert.match(refused.details, /累计数/);  // its words arrive as UTF-8
  refused = await refusal(call(progress, 'SubmitReport', {...request, report: {nothing_to_report: true}}));
  assert.equal(refused.code, grpc.status.ALREADY_EXISTS);
  assert.equal(errorInfo(refused, status, info).reason, 'REQUEST_ID_REUSED');
  refused = await refusal(call(registry, 'GetTask', {name: `${PROGRAM}/projects/nowhere-01/tasks/1`}));
  assert.equal(refused.code, grpc.status.NOT_FOUND);
  refused = await refusal(
      call(progress, 'ReturnReport', {name: `${name}/reports/2024-06`, reason: '请补充'}, identity('reporter', '区教委', '联络员')));
  assert.equal(refused.code, grpc.status.PERMISSION_DENIED);
  details = errorInfo(refused, status, info);
  assert.equal(details.reason, 'ROLE_NOT_ALLOWED');

  for (const client of [registry, progress, events]) client.close();
  console.log(`${tasks.length} tasks listed, report version ${report.version} submitted, ${read.events.length} events read`);
}

main(run);
