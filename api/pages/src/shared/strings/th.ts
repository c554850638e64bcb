import type { SharedWords } from './en'

export default {
  language: 'ภาษา',
  or: 'หรือ',
  signOut: 'ออกจากระบบ',
  signIn: 'เข้าสู่ระบบ',
  'signIn.title': 'เข้าสู่ระบบ',
  'signIn.provider': 'เข้าสู่ระบบด้วยบัญชีขององค์กร',
  'signIn.provider.failed': 'เข้าสู่ระบบไม่สำเร็จ กรุณาลองใหม่',
  'signIn.token': 'โทเคน',
  'signIn.token.hint': 'วางโทเคนที่องค์กรของคุณให้ไว้',
  'signIn.empty': 'กรุณาวางโทเคนก่อน',
  'signIn.refused': 'เซิร์ฟเวอร์ไม่รับการเข้าสู่ระบบนี้ อาจหมดอายุแล้ว',
  'signIn.busy': 'กำลังเข้าสู่ระบบ…',
  'signIn.kept': 'โทเคนอยู่ในหน้าต่างนี้เท่านั้น และหายไปเมื่อปิดหน้าต่าง',
  'error.OFFLINE': 'ติดต่อเซิร์ฟเวอร์ไม่ได้',
  'error.INTERNAL': 'เซิร์ฟเวอร์ขัดข้อง',
} satisfies SharedWords
