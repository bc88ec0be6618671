import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  type TensorProto,
  TensorProto_DataType,
} from 'onnx-buf';
import { GraphError } from './shape.ts';

/** Weights are written as halves in arrays of at least so many numbers: the others take no room. */
const LEAST_LENGTH = 1024;
/** Bits of mantissa that a half has; it holds numbers up to 65,504. */
const HALF_BITS = 10;
const LARGEST_HALF = 65_504;

/**
 * The same model with its large arrays of 32-bit weights as 16-bit halves of so many bits of mantissa (the rest are 0 and
 * take no room once compressed), which the runtime widens when it loads them. Each weight is off by at most 2^(−bits − 1) of
 * itself, or by 2^(−bits − 15) where it is smaller than 2^(−14).
 *
 * @param bits 1 to 10
 * @throws GraphError when the bytes are no ONNX model
 */
export function withHalfWeights(onnx: Uint8Array, bits: number): Uint8Array<ArrayBuffer> {
  const model = fromBinary(ModelProtoSchema, onnx);
  if (model.graph === undefined) throw new GraphError('these bytes are not an ONNX model: they hold no graph');
  const narrowed = model.graph.initializer.filter((tensor) => narrow(tensor, bits));
  const to = create(AttributeProtoSchema, {
    name: 'to',
    type: AttributeProto_AttributeType.INT,
    i: BigInt(TensorProto_DataType.FLOAT),
  });
  const casts = narrowed.map((tensor) => {
    const output = tensor.name;
    tensor.name = `${output}/half`;
    return create(NodeProtoSchema, { opType: 'Cast', input: [tensor.name], output: [output], attribute: [to] });
  });
  model.graph.node.unshift(...casts);
  return toBinary(ModelProtoSchema, model);
}

/** Whether the tensor's numbers are halves now. */
function narrow(tensor: TensorProto, bits: number): boolean {
  if (tensor.dataType !== TensorProto_DataType.FLOAT || tensor.rawData.length < 4 * LEAST_LENGTH) return false;
  // A copy, aligned for 32-bit numbers.
  const values = new Float32Array(new Uint8Array(tensor.rawData).buffer);
  if (!values.every((value) => Math.abs(value) < LARGEST_HALF / 2)) return false;
  tensor.rawData = new Uint8Array(Uint16Array.from(values, (value) => halfOf(value, bits)).buffer);
  tensor.dataType = TensorProto_DataType.FLOAT16;
  return true;
}

/** IEEE 754 half of a number of moderate size, rounded to so many bits of mantissa. */
function halfOf(value: number, bits: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (size === 0) return sign;
  const exponent = Math.max(-14, Math.floor(Math.log2(size)));
  const step = 2 ** (exponent - bits);
  // In units of the last bit of a half; rounding up to the next power of two carries into the exponent by itself.
  const mantissa = Math.round(size / step) * 2 ** (HALF_BITS - bits);
  return sign | (((exponent + 14) << HALF_BITS) + mantissa);
}
