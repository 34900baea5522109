import { rmSync } from 'node:fs';

export default function removeTempFolder(): void {
  rmSync(process.env.TMPDIR!, { recursive: true, force: true, maxRetries: 3 });
}
