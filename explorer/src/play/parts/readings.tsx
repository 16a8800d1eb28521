/** Numbers as the library found them, each with what it is. */
import { Num } from '../../ui/number.tsx'

export const Readings = ({ rows }: { rows: readonly (readonly [what: string, value: number])[] }) => (
  <table className="readings">
    <tbody>
      {rows.map(([what, value]) => (
        <tr key={what}>
          <th scope="row">{what}</th>
          <td>
            <Num value={value} />
          </td>
        </tr>
      ))}
    </tbody>
  </table>
)
