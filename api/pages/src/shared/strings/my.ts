import type { SharedWords } from './en'

export default {
  language: 'ဘာသာစကား',
  or: 'သို့မဟုတ်',
  signOut: 'အကောင့်ထွက်မည်',
  signIn: 'အကောင့်ဝင်မည်',
  'signIn.title': 'အကောင့်ဝင်ရန်',
  'signIn.provider': 'အဖွဲ့အစည်း၏ အကောင့်ဖြင့် ဝင်မည်',
  'signIn.provider.failed': 'အကောင့်ဝင်၍ မရပါ။ ထပ်ကြိုးစားပါ။',
  'signIn.token': 'တိုကင်',
  'signIn.token.hint': 'အဖွဲ့အစည်းက ပေးထားသော တိုကင်ကို ဤနေရာတွင် ကူးထည့်ပါ။',
  'signIn.empty': 'တိုကင်ကို အရင်ထည့်ပါ။',
  'signIn.refused': 'ဆာဗာက လက်မခံပါ။ သက်တမ်းကုန်သွားခြင်း ဖြစ်နိုင်ပါသည်။',
  'signIn.busy': 'အကောင့်ဝင်နေသည်…',
  'signIn.kept': 'တိုကင်သည် ဤဝင်းဒိုးတွင်သာ ရှိပြီး ပိတ်လိုက်လျှင် ပျောက်သွားပါမည်။',
  'error.OFFLINE': 'ဆာဗာနှင့် ဆက်သွယ်၍ မရပါ။',
  'error.INTERNAL': 'ဆာဗာတွင် ချို့ယွင်းမှု ဖြစ်နေပါသည်။',
} satisfies SharedWords
