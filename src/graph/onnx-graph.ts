import { create, toBinary } from '@bufbuild/protobuf';
import {
  type AttributeProto,
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  TensorProto_DataType,
  TensorProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from 'onnx-buf';
import type { OnnxAttributes } from './operation.ts';
import type { Shape } from './shape.ts';

/**
 * The pieces of an ONNX file as it is written: nodes, initialisers, inputs. Opset 18 in IR version 8 is read by every
 * ONNX Runtime since 1.14 and by onnxruntime-web.
 */
const OPSET = 18n;
const IR_VERSION = 8n;

export class OnnxGraph {
  readonly #nodes: NodeProto[] = [];
  readonly #initialisers: TensorProto[] = [];
  readonly #inputs: ValueInfoProto[] = [];
  readonly #shared = new Map<string, string>();
  #count = 0;

  /** Adds a node with one output; returns the output's name. */
  node(type: string, inputs: readonly string[], attributes: OnnxAttributes = {}): string {
    const name = `/${type}_${this.#count++}`;
    this.#nodes.push(
      create(NodeProtoSchema, {
        name,
        opType: type,
        input: [...inputs],
        output: [name],
        attribute: Object.entries(attributes).map(([key, value]) => attribute(key, value)),
      }),
    );
    return name;
  }

  floats(values: ArrayLike<number>, shape: readonly number[], name?: string): string {
    const data = Float32Array.from(values);
    return this.#initialiser(TensorProto_DataType.FLOAT, bytesOf(data), shape, name);
  }

  integers(values: readonly number[]): string {
    const data = BigInt64Array.from(values, BigInt);
    return this.#initialiser(TensorProto_DataType.INT64, bytesOf(data), [values.length]);
  }

  input(name: string, shape: Shape): void {
    this.#inputs.push(valueInfo(name, shape));
  }

  /** Gives the value that the last node made its final name; false when another node made it. */
  renameLast(from: string, to: string): boolean {
    const last = this.#nodes.at(-1);
    if (last?.output[0] !== from) return false;
    last.output[0] = to;
    return true;
  }

  bytes(
    name: string,
    outputs: readonly { name: string; shape: Shape }[],
    description: string,
  ): Uint8Array<ArrayBuffer> {
    const graph = create(GraphProtoSchema, {
      name,
      docString: description,
      node: this.#nodes,
      initializer: this.#initialisers,
      input: this.#inputs,
      output: outputs.map((output) => valueInfo(output.name, output.shape)),
    });
    const model = create(ModelProtoSchema, {
      irVersion: IR_VERSION,
      opsetImport: [{ domain: '', version: OPSET }],
      producerName: 'lightfold',
      docString: description,
      graph,
    });
    return toBinary(ModelProtoSchema, model);
  }

  /** Small equal initialisers are stored once. */
  #initialiser(
    dataType: TensorProto_DataType,
    rawData: Uint8Array<ArrayBuffer>,
    shape: readonly number[],
    name?: string,
  ): string {
    const key =
      name === undefined && rawData.length <= 64 ? `${dataType}:${shape.join()}:${rawData.join()}` : undefined;
    const known = key === undefined ? undefined : this.#shared.get(key);
    if (known !== undefined) return known;
    const own = name ?? `/constant_${this.#count++}`;
    this.#initialisers.push(
      create(TensorProtoSchema, { name: own, dataType, dims: shape.map((dimension) => BigInt(dimension)), rawData }),
    );
    if (key !== undefined) this.#shared.set(key, own);
    return own;
  }
}

function bytesOf(data: Float32Array<ArrayBuffer> | BigInt64Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

function attribute(name: string, value: OnnxAttributes[string]): AttributeProto {
  const type = AttributeProto_AttributeType;
  if (typeof value === 'string') {
    return create(AttributeProtoSchema, { name, type: type.STRING, s: new TextEncoder().encode(value) });
  }
  if (typeof value === 'number') return create(AttributeProtoSchema, { name, type: type.INT, i: BigInt(value) });
  if ('float' in value) return create(AttributeProtoSchema, { name, type: type.FLOAT, f: value.float });
  return create(AttributeProtoSchema, { name, type: type.INTS, ints: value.map((item) => BigInt(item)) });
}

function valueInfo(name: string, shape: Shape): ValueInfoProto {
  const dim = shape.map((dimension) => ({
    value:
      dimension === 'N'
        ? ({ case: 'dimParam', value: 'N' } as const)
        : ({ case: 'dimValue', value: BigInt(dimension) } as const),
  }));
  const tensorType = { elemType: TensorProto_DataType.FLOAT, shape: { dim } };
  return create(ValueInfoProtoSchema, { name, type: { value: { case: 'tensorType', value: tensorType } } });
}
