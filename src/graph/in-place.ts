/**
 * onnxruntime-node 1.30 writes fetched outputs in place and then copies each of them into a fresh ArrayBuffer that it
 * returns, which nobody here reads: for the gradients of a large network a quarter of a training step
 * (microsoft/onnxruntime#32346 is to end it). It converts outputs in their order and gives up at the first that
 * JavaScript cannot hold. So an empty sequence is put before the others: when the conversion fails on it, all outputs
 * have been written and none has been copied.
 */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema, NodeProtoSchema, TensorProto_DataType, ValueInfoProtoSchema } from 'onnx-buf';
import { GraphError } from './shape.ts';

/** The name of the empty sequence among a session's outputs. */
export const UNCONVERTIBLE = '/unconvertible';

/** The same model with the empty sequence as its first output. */
export function withUnconvertibleOutput(onnx: Uint8Array): Uint8Array<ArrayBuffer> {
  const model = fromBinary(ModelProtoSchema, onnx);
  if (model.graph === undefined) throw new GraphError('these bytes are not an ONNX model: they hold no graph');
  const tensorType = { elemType: TensorProto_DataType.FLOAT };
  const elemType = { value: { case: 'tensorType', value: tensorType } } as const;
  const type = { value: { case: 'sequenceType', value: { elemType } } } as const;
  model.graph.node.unshift(create(NodeProtoSchema, { opType: 'SequenceEmpty', output: [UNCONVERTIBLE] }));
  model.graph.output.unshift(create(ValueInfoProtoSchema, { name: UNCONVERTIBLE, type }));
  return toBinary(ModelProtoSchema, model);
}

/** Whether a failed run failed only in converting the empty sequence, after everything was computed. */
export function failedInConversionOnly(error: unknown): boolean {
  return error instanceof Error && error.message === 'Non tensor type is temporarily not supported.';
}
