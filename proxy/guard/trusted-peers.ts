import { BlockList, isIP } from 'node:net'

/** @param networks addresses or networks (`10.0.0.0/8`), checked by `parseNetworks`. */
export function createTrustedPeers(networks: readonly string[]): (address: string) => boolean {
  if (networks.length === 0) return () => false
  const family = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4')
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', bits] = network.split('/')
    if (bits === undefined) list.addAddress(address, family(address))
    else list.addSubnet(address, Number(bits), family(address))
  }
  return (address) => isIP(address) !== 0 && list.check(address, family(address))
}
