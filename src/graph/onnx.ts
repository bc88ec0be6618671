import { evaluate } from './evaluate.ts';
import { OnnxGraph } from './onnx-graph.ts';
import type { AttributesOf, OnnxStep, OperationName, Tensor, TensorOf } from './operation.ts';
import { operations } from './operations.ts';
import { bind, describeShape, GraphError, type Shape, sizeOf } from './shape.ts';
import { inOrder } from './walk.ts';

export interface OnnxOptions {
  /** The graph's name in the file. */
  readonly name: string;
  /** What the file holds, for people who open it. */
  readonly description?: string;
  readonly outputs: Readonly<Record<string, Tensor>>;
  /** Inputs in the order in which the file declares them; those not listed follow. */
  readonly inputs?: readonly Tensor[];
  /** Values of parameters that are stored in the file; the other parameters become inputs. */
  readonly parameterValues?: Readonly<Record<string, ArrayLike<number>>>;
  /** Fixes N; a session of fixed shapes plans its memory ahead. */
  readonly leadingDimension?: number;
}

/**
 * Writes a graph as an ONNX file that ONNX Runtime, Python and the browser read.
 *
 * @throws GraphError when two tensors claim one name, or a parameter's values do not fit its shape
 */
export function writeOnnx(options: OnnxOptions): Uint8Array<ArrayBuffer> {
  const writer = new Writer(options);
  return writer.write();
}

class Writer {
  readonly #options: OnnxOptions;
  readonly #graph = new OnnxGraph();
  readonly #order: readonly Tensor[];
  readonly #values = new Map<Tensor, string>();
  readonly #named = new Map<string, Tensor>();
  readonly #conditionOf = new Map<string, string>();
  /** Parameters of which only parts are asked for: the parts are stored, not the whole. */
  readonly #divided: ReadonlySet<Tensor>;
  #symbol: string | undefined;

  constructor(options: OnnxOptions) {
    this.#options = options;
    const order = inOrder([...(options.inputs ?? []), ...Object.values(options.outputs)]);
    // Sources first: wherever N is needed, an input to read it from is then declared.
    const isSource = ({ operation }: Tensor) => operation === 'input' || operation === 'parameter';
    this.#order = [...order.filter(isSource), ...order.filter((tensor) => !isSource(tensor))];
    const needed = new Set(order.filter((tensor) => !this.#isPart(tensor)).flatMap(({ inputs }) => inputs));
    for (const tensor of Object.values(options.outputs)) needed.add(tensor);
    this.#divided = new Set(order.filter((tensor) => this.#isKnown(tensor) && !needed.has(tensor)));
  }

  write(): Uint8Array<ArrayBuffer> {
    const { outputs, name, description = '' } = this.#options;
    const finalNames = new Map<Tensor, string>();
    for (const [output, tensor] of Object.entries(outputs)) {
      if (!finalNames.has(tensor)) finalNames.set(tensor, output);
    }
    for (const tensor of this.#order) {
      if (this.#divided.has(tensor)) continue;
      const value = this.#divided.has(tensor.inputs[0]) ? this.#part(tensor) : this.#emit(tensor);
      const finalName = finalNames.get(tensor);
      const renamed = finalName !== undefined && this.#graph.renameLast(value, finalName);
      this.#values.set(tensor, renamed ? finalName : value);
    }
    const declared = Object.entries(outputs).map(([output, tensor]) => {
      this.#expose(output, tensor);
      return { name: output, shape: this.#bound(tensor.shape) };
    });
    return this.#graph.bytes(name, declared, description);
  }

  /** An output that is not a node's own result (an input, a second name) is copied under its name. */
  #expose(output: string, tensor: Tensor): void {
    if (this.#named.has(output)) throw new GraphError(`"${output}" names both an input and an output`);
    const value = this.#nameOf(tensor);
    if (value === output) return;
    this.#graph.renameLast(this.#graph.node('Identity', [value]), output);
  }

  /** Whether a tensor is a slice of a parameter whose values go into the file. */
  #isPart({ operation, inputs }: Tensor): boolean {
    return operation === 'slice' && this.#isKnown(inputs[0]);
  }

  #isKnown({ operation, attributes, shape }: Tensor): boolean {
    const { parameterValues = {} } = this.#options;
    return operation === 'parameter' && !shape.includes('N') && Object.hasOwn(parameterValues, attributes.name);
  }

  #part(tensor: Tensor): string {
    const { data, shape } = evaluate({ outputs: { tensor }, feeds: this.#options.parameterValues ?? {} }).tensor;
    return this.#graph.floats(data, shape);
  }

  #emit<Name extends OperationName>(tensor: TensorOf<Name>): string {
    const attributes: AttributesOf[Name] = tensor.attributes;
    const step: OnnxStep<AttributesOf[Name]> = {
      inputs: tensor.inputs.map((source) => this.#nameOf(source)),
      inputShapes: tensor.inputs.map((source) => this.#bound(source.shape)),
      attributes,
      shape: this.#bound(tensor.shape),
      node: (type, inputs, settings) => this.#graph.node(type, inputs, settings),
      floats: (values, shape) => this.#graph.floats(values, shape),
      integers: (values) => this.#graph.integers(values),
      shapeValue: (shape) => this.#shapeValue(shape),
      graphInput: (name, shape) => this.#graphInput(name, shape, tensor as Tensor),
      asBoolean: (mask) => this.#conditionOf.get(mask) ?? this.#graph.node('Cast', [mask], { to: 9 }),
      fromBoolean: (condition) => {
        const mask = this.#graph.node('Cast', [condition], { to: 1 });
        this.#conditionOf.set(mask, condition);
        return mask;
      },
    };
    return operations[tensor.operation].onnx(step);
  }

  #graphInput(name: string, shape: Shape, tensor: Tensor): string {
    const other = this.#named.get(name);
    if (other !== undefined && other !== tensor) throw new GraphError(`two tensors are named "${name}"`);
    this.#named.set(name, tensor);
    const values = tensor.operation === 'parameter' ? this.#options.parameterValues?.[name] : undefined;
    if (values === undefined) {
      this.#graph.input(name, this.#bound(shape));
      return name;
    }
    const fixed = bind(shape, this.#options.leadingDimension ?? Number.NaN);
    if (sizeOf(fixed) !== values.length) {
      throw new GraphError(`"${name}" ${describeShape(shape)} was given ${values.length} values`);
    }
    return this.#graph.floats(values, fixed, name);
  }

  #shapeValue(shape: Shape): string {
    const bound = this.#bound(shape);
    if (!bound.includes('N')) return this.#graph.integers(bound.map(Number));
    this.#symbol ??= this.#readSymbol();
    const symbol = this.#symbol;
    if (bound.length === 1) return symbol;
    const parts = bound.map((dimension) => (dimension === 'N' ? symbol : this.#graph.integers([dimension])));
    return this.#graph.node('Concat', parts, { axis: 0 });
  }

  /** N, read at run time from the shape of an input. */
  #readSymbol(): string {
    for (const [name, tensor] of this.#named) {
      const axis = tensor.shape.indexOf('N');
      if (axis >= 0) return this.#graph.node('Shape', [name], { start: axis, end: axis + 1 });
    }
    throw new GraphError(
      'the graph uses N, but none of its inputs has it; list one in `inputs` or give `leadingDimension`',
    );
  }

  #bound(shape: Shape): Shape {
    const { leadingDimension } = this.#options;
    return leadingDimension === undefined ? shape : bind(shape, leadingDimension);
  }

  #nameOf(tensor: Tensor): string {
    const name = this.#values.get(tensor);
    if (name === undefined) throw new Error(`${tensor.operation} was used before it was written`);
    return name;
  }
}
