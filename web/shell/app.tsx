export function App() {
  return <main>Lightfold</main>;
}
