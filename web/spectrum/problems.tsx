export function Problems({ problems }: { readonly problems: readonly string[] }) {
  return problems.map((problem) => (
    <p key={problem} className="problem" role="alert">
      {problem}
    </p>
  ));
}
