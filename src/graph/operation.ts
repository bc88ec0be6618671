import type { Shape } from './shape.ts';

type None = Readonly<Record<string, never>>;
interface Reduction {
  readonly axes: readonly number[];
  readonly keepDims: boolean;
}

/** Every operation, by name, with the settings that a tensor made by it carries. */
export interface AttributesOf {
  input: { readonly name: string; readonly shape: Shape };
  parameter: { readonly name: string; readonly shape: Shape };
  constant: { readonly values: Float64Array; readonly shape: Shape };
  leadingDimension: None;
  add: None;
  subtract: None;
  multiply: None;
  divide: None;
  minimum: None;
  maximum: None;
  greater: None;
  equal: None;
  where: None;
  negate: None;
  reciprocal: None;
  exp: None;
  log: None;
  sqrt: None;
  square: None;
  abs: None;
  sign: None;
  tanh: None;
  sigmoid: None;
  softplus: None;
  relu: None;
  identity: None;
  stopGradient: None;
  pow: { readonly exponent: number };
  expand: { readonly shape: Shape };
  reshape: { readonly shape: Shape };
  transpose: { readonly order: readonly number[] };
  slice: { readonly axis: number; readonly start: number; readonly end: number };
  pad: { readonly axis: number; readonly before: number; readonly after: number };
  concatenate: { readonly axis: number };
  gather: None;
  scatterAdd: { readonly rows: Shape[number] };
  sum: Reduction;
  reduceMax: Reduction;
  matmul: { readonly transposeA: boolean; readonly transposeB: boolean; readonly scale: number };
  linear: { readonly transposeA: boolean; readonly transposeB: boolean };
}

export type OperationName = keyof AttributesOf;

export interface TensorOf<Name extends OperationName> {
  readonly operation: Name;
  readonly inputs: readonly Tensor[];
  readonly attributes: AttributesOf[Name];
  readonly shape: Shape;
}

/** A symbolic tensor: the operation that makes it and the tensors it is made from. Never changes once made. */
export type Tensor = { readonly [Name in OperationName]: TensorOf<Name> }[OperationName];

/** What a gradient rule sees of one use of its operation. */
export interface GradientStep<Attributes> {
  readonly inputs: readonly Tensor[];
  readonly output: Tensor;
  readonly attributes: Attributes;
  /** The derivative of the scalar result with respect to the output; has the output's shape. */
  readonly gradient: Tensor;
}

/**
 * For each input, a call that builds the derivative with respect to it, or null where there is none (indices,
 * masks). It may have any shape that the input broadcasts to: the sum over broadcast axes is taken for it.
 */
export type InputGradients = readonly ((() => Tensor) | null)[];

/** Float64 values in row-major order. */
export interface HostTensor {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

export interface ReferenceStep<Attributes> {
  readonly inputs: readonly HostTensor[];
  readonly attributes: Attributes;
  /** The output's shape with 'N' bound. */
  readonly shape: readonly number[];
  readonly leadingDimension: () => number;
  readonly feed: (name: string) => Float64Array;
}

/** Where an operation writes its ONNX nodes. Strings are names of values in the ONNX graph. */
export interface OnnxStep<Attributes> {
  readonly inputs: readonly string[];
  /** Shapes as they are in the file: without 'N' when the file fixes it. */
  readonly inputShapes: readonly Shape[];
  readonly shape: Shape;
  readonly attributes: Attributes;
  /** Adds a node with one output and returns the output's name. */
  node(type: string, inputs: readonly string[], attributes?: OnnxAttributes): string;
  /** A float32 initialiser. */
  floats(values: ArrayLike<number>, shape: readonly number[]): string;
  /** A one-dimensional int64 initialiser. */
  integers(values: readonly number[]): string;
  /** A shape as a one-dimensional int64 value; 'N' is taken from the inputs at run time. */
  shapeValue(shape: Shape): string;
  /** Declares an input of the whole graph. */
  graphInput(name: string, shape: Shape, kind: 'input' | 'parameter'): string;
  /** The boolean value from which a 0/1 mask was cast, when there is one, else a cast to boolean. */
  asBoolean(mask: string): string;
  /** A 0/1 mask from a boolean value. */
  fromBoolean(condition: string): string;
}

export type OnnxAttributes = Readonly<Record<string, number | { float: number } | readonly number[] | string>>;

/** One operation: its shape rule, gradient rule, ONNX form, and slow float64 reference. */
export interface Operation<Attributes> {
  shape(inputs: readonly Shape[], attributes: Attributes): Shape;
  gradient(step: GradientStep<Attributes>): InputGradients;
  onnx(step: OnnxStep<Attributes>): string;
  reference(step: ReferenceStep<Attributes>): Float64Array;
}

/** Some of the operations, by name. */
export type Family<Names extends OperationName> = { readonly [Name in Names]: Operation<AttributesOf[Name]> };
