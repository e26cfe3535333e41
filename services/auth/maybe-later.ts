/** An answer that a store in this process has at once, and one elsewhere only later. */
export type MaybeLater<Value> = Value | Promise<Value>
