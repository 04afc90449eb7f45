/** Works in lanes side by side; in each, a turn begins when the one before is over. */
export async function inLanes(
  lanes: number,
  turns: number,
  work: (lane: number, turn: number) => Promise<void>,
): Promise<void> {
  await Promise.all(
    Array.from({ length: lanes }, async (_, lane) => {
      for (let turn = 0; turn < turns; turn++) {
        await work(lane, turn);
      }
    }),
  );
}
